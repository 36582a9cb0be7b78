"""Makes, models and algorithms in one spelling, whoever names them."""

from __future__ import annotations

import re

_MAKES = {
    "antminer": "Antminer",
    "bitmain": "Antminer",
    "whatsminer": "Whatsminer",
    "microbt": "Whatsminer",
    "bitaxe": "Bitaxe",
    "nerdaxe": "NerdAxe",
    "iceriver": "IceRiver",
    "avalon": "Avalon",
    "avalonminer": "Avalon",
    "canaan": "Avalon",
    "elphapex": "ElphaPex",
    "volcminer": "VolcMiner",
    "sealminer": "SealMiner",
}
_SUFFIX = re.compile(r"(?<=[\w+])(?=(?:PRO|XP|HYD|PLUS|IMM)+\b)", re.IGNORECASE)
_MAKE_BEFORE = re.compile(r"^(?:antminer|bitmain|whatsminer|avalonminer|avalon|iceriver)\s+", re.IGNORECASE)
_WORDS = {"PRO": "Pro", "HYD": "Hyd", "HYDRO": "Hyd", "PLUS": "Plus", "IMM": "Imm"}
_ANTMINER_TYPE = re.compile(r"[STLDKEZA]S?\d+[JKRX]?[+]?")
_ALGORITHMS = {
    "sha256": "sha256",
    "sha256d": "sha256",
    "scrypt": "scrypt",
    "x11": "x11",
    "blake2s256": "blake2s",
    "blake256r14": "blake256r14",
    "blake2b": "blake2b",
    "kadena": "blake2s",
    "eaglesong": "eaglesong",
    "handshake": "handshake",
    "kheavyhash": "kheavyhash",
    "equihash": "equihash",
    "ethash": "ethash",
}


def make_of(told: str | None) -> str | None:
    """`AntMiner` and `Bitmain` are "Antminer"; a make that we do not know stays as it is told."""
    word = (told or "").strip()
    return _MAKES.get(re.sub(r"[^a-z]", "", word.lower()), word) or None


def model_of(told: str | None) -> str | None:
    """Without its make, one spelling: `Antminer S19Pro`, `S19 PRO` → "S19 Pro", `M50S_VJ51` → "M50S VJ51"."""
    text = re.sub(r"[_\s]+", " ", (told or "").strip())
    text = _MAKE_BEFORE.sub("", text)
    words = _SUFFIX.sub(" ", text).split()
    return " ".join(_word(each) for each in words) or None


def is_called(make: str | None, model: str | None, text: str) -> bool:
    """Whether `text` is the make, the model or both, however it is spelt: "bitmain", "s19pro"."""
    told = {each.lower() for each in (make_of(text), model_of(text)) if each}
    full = f"{make or ''} {model or ''}".strip()
    return bool(told & {each.lower() for each in (make, model, full) if each})


def algorithm_of(told: str | None) -> str | None:
    """In lower case as mining programs write it; None for one that is not known."""
    return _ALGORITHMS.get(re.sub(r"[^a-z0-9]", "", (told or "").lower()))


def mac_of(told: str | None) -> str | None:
    """Six bytes in capitals with colons; None for anything else, all zeros and masked ones included."""
    digits = re.sub(r"[:\-. ]", "", (told or "").strip()).upper()
    if not re.fullmatch(r"[0-9A-F]{12}", digits) or set(digits) <= {"0"} or set(digits) <= {"F"}:
        return None
    return ":".join(digits[index : index + 2] for index in range(0, 12, 2))


def _word(word: str) -> str:
    upper = word.upper()
    if upper in _WORDS:
        return _WORDS[upper]
    if _ANTMINER_TYPE.fullmatch(upper) and upper[-1:] in "JK":
        return upper[:-1] + upper[-1].lower()  # S19j, S19k as their maker writes
    return upper if re.search(r"\d", word) else word
