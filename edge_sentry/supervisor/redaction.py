"""Makes a line of a program's output fit to be shown: no secrets, no control characters, not too long."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from unicodedata import category
from urllib.parse import quote

LONGEST_LINE = 500
HIDDEN = "[hidden]"
# A pool password is often "x": cutting that would leave no readable line, and it hides nothing.
_SHORTEST_SECRET = 4
# A letter may stand as \u0040, and whoever cuts a long line must not leave half of such a secret.
_LETTERS_FOR_ONE = 6
_LONGEST = 4096
# CSI and OSC sequences, two-character ones, and whatever control characters are left but the tab.
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_a-z0-9=>]?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_PARTS = re.compile(r"\\+|[^\\]", re.DOTALL)


class Redaction:
    """Cuts the secrets of one playbook: in capitals and small letters alike, as JSON and addresses write
    them, and within base64. One that a program shortens ("48ed…icoD") is not known.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        plain = {_cleaned(each) for each in secrets}
        known = sorted({each for each in plain if len(each) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self.longest = min(_LETTERS_FOR_ONE * max(map(len, known), default=0), _LONGEST)
        self._plain = _any_of(map(re.escape, known), re.IGNORECASE)
        self._escaped = _any_of(map(_escaped, known), re.IGNORECASE)
        # Without one of these signs nothing is escaped.
        self._signs = "\\%+" if any(" " in each for each in known) else "\\%"
        self._base64 = _any_of(form for each in known for form in _within_base64(each.encode()))

    def line(self, raw: bytes) -> str:
        """One whole line without its end. A part of one could hold half a secret."""
        text = _cleaned(raw.decode(errors="replace"))
        if self._plain is not None:
            text = self._plain.sub(HIDDEN, text)
        if self._escaped is not None and any(sign in text for sign in self._signs):
            text = self._escaped.sub(HIDDEN, text)
        if self._base64 is not None:
            text = self._base64.sub(HIDDEN, text)
        return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"


def _cleaned(text: str) -> str:
    """Without what nobody sees, which could stand in the midst of a secret."""
    text = _CONTROL.sub("", text)
    return text if text.isascii() else "".join(each for each in text if category(each) != "Cf")


def _any_of(forms: Iterable[str], flags: int = 0) -> re.Pattern[str] | None:
    pattern = "|".join(dict.fromkeys(forms))
    return re.compile(pattern, flags) if pattern else None


def _escaped(secret: str) -> str:
    """The pattern never goes back (++), or a secret of many backslashes could make a line take hours."""
    return "".join(map(_escaped_part, _PARTS.findall(secret)))


def _escaped_part(part: str) -> str:
    """Of one letter, or of backslashes in a row, each of which may be doubled twice."""
    if part[0] == "\\":
        count = len(part)
        return rf"(?:(?:\\{{1,3}}u005C){{{count}}}|\\{{{count},{4 * count}}}+|(?:%(?:25)*+5C){{{count}}})"
    percent = "".join(f"%(?:25)*+{byte:02X}" for byte in part.encode(errors="replace"))
    forms = [re.escape(part), *(f"u{unit}" for unit in _utf16(part)), *(["\\+"] if part == " " else [])]
    return rf"(?:\\{{0,3}}+(?:{'|'.join(forms)})|{percent})"


def _utf16(letter: str) -> Iterator[str]:
    """As in \\u0040; a letter of two units has a backslash between them."""
    units = letter.encode("utf-16-be", errors="replace").hex()
    yield r"\\{1,3}u".join(units[place : place + 4] for place in range(0, len(units), 4))


def _within_base64(secret: bytes) -> Iterator[str]:
    """What stands there whatever is before and after it, in both alphabets and in an address.

    Three letters stand for two bytes or more, so each of the three ways to begin has its own form.
    """
    for before in range(3):
        letters = b64encode(bytes(before) + secret).decode()
        first, last = -(-8 * before // 6), 8 * (before + len(secret)) // 6
        yield "".join(map(_base64_letter, letters[first:last]))


def _base64_letter(letter: str) -> str:
    other = {"+": "-", "/": "_"}.get(letter)
    if other is None:
        return letter
    return rf"(?:\\?{re.escape(letter)}|{other}|{quote(letter, safe='')})"
