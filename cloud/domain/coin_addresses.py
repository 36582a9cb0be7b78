"""Whether a text is an address of a coin: its form and its checksum, by the coin's own rules.

Nobody is asked whether the address exists; money that is sent to a wrong one is gone all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Final

from base58_bech32.base58 import b58decode, b58decode_check
from base58_bech32.bech32 import BECH32_1_CONST, BECH32_M_CONST, bech32_decode, convertbits
from base58_bech32.cashaddr import cashaddr_decode

from cloud.domain.keccak import keccak_256
from wire.faults import Fault
from wire.templates import Checked

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

Check = Callable[[str], Checked | None]
"""None: it is no such address. May raise ValueError for the same."""


def check_address(coin: str, address: str) -> Checked:
    """UNCHECKED where the coin is not known here, or its address carries no checksum.

    Raises Fault `bad_address` (422).
    """
    checks = _COINS.get(coin)
    if checks is None:
        return Checked.UNCHECKED
    for check in checks:
        try:
            found = check(address)
        except ValueError:
            continue
        if found is not None:
            return found
    message = f"This is no address of {coin}: a letter is wrong or missing, or it is of another coin."
    raise Fault("bad_address", message, "address")


def _base58check(*versions: int, sizes: tuple[int, ...] = (20,), version_bytes: int = 1) -> Check:
    """A version, what it stands for, and four bytes of a double SHA-256."""

    def check(address: str) -> Checked | None:
        payload = b58decode_check(address)
        version = int.from_bytes(payload[:version_bytes], "big")
        good = version in versions and len(payload) - version_bytes in sizes
        return Checked.VALID if good else None

    return check


def _segwit(prefix: str) -> Check:
    """BIP 173 for version 0 and BIP 350 for later ones."""

    def check(address: str) -> Checked | None:
        found, values, checksum = bech32_decode(address, limit=90)
        program = convertbits(values[1:], 5, 8, False)
        version = values[0] if values else -1
        wanted = BECH32_1_CONST if version == 0 else BECH32_M_CONST
        sizes = (20, 32) if version == 0 else range(2, 41)
        good = 0 <= version <= 16 and checksum == wanted and len(program) in sizes
        return Checked.VALID if good and found == prefix else None

    return check


def _bech32(prefix: str, constant: int, sizes: tuple[int, ...] = ()) -> Check:
    """Addresses that are bytes in bech32 and no more; `sizes` empty: of any size."""

    def check(address: str) -> Checked | None:
        found, values, checksum = bech32_decode(address, limit=None)
        payload = convertbits(values, 5, 8, False)
        good = found == prefix and checksum == constant and (not sizes or len(payload) in sizes)
        return Checked.VALID if good else None

    return check


def _bitcoin_cash(address: str) -> Checked | None:
    """Payments to a key or to a script, also those that may carry tokens."""
    _, kind, digest = cashaddr_decode(address, prefix="bitcoincash")
    return Checked.VALID if kind <= 3 and len(digest) in (20, 32) else None


def _kaspa(address: str) -> Checked | None:
    """The form of Bitcoin Cash, with versions and sizes of its own."""
    prefix, _, payload = address.partition(":")
    if prefix != "kaspa" or not set(payload) <= set(_BECH32_LETTERS):
        return None
    values = [_BECH32_LETTERS.index(letter) for letter in payload]
    if _cash_remainder([*(ord(letter) & 31 for letter in prefix), 0, *values]) != 1:
        return None
    content = convertbits(values[:-8], 5, 8, False)
    return Checked.VALID if content and (content[0], len(content)) in ((0, 33), (1, 34), (8, 33)) else None


def _cash_remainder(values: list[int]) -> int:
    """The checksum of Bitcoin Cash's addresses; 1 for one that is whole."""
    remainder = 1
    for value in values:
        top, remainder = remainder >> 35, (remainder & 0x07FFFFFFFF) << 5 ^ value
        for bit, generator in enumerate(_CASH_GENERATORS):
            remainder ^= generator if top >> bit & 1 else 0
    return remainder


_CASH_GENERATORS: Final = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)


def _ethereum(address: str) -> Checked | None:
    """Capital letters are its checksum (EIP-55): without any it cannot be checked."""
    digits = address[2:]
    if not address.startswith("0x") or len(digits) != 40 or not digits.isalnum():
        return None
    int(digits, 16)
    if digits in (digits.lower(), digits.upper()):
        return Checked.UNCHECKED
    nibbles = keccak_256(digits.lower().encode()).hex()
    expected = "".join(
        digit.upper() if int(nibble, 16) >= 8 else digit
        for digit, nibble in zip(digits.lower(), nibbles, strict=False)
    )
    return Checked.VALID if digits == expected else None


def _ergo(address: str) -> Checked | None:
    """Kind and content (a key of 33 bytes, a digest of 24, a script), and four bytes of their BLAKE2b-256."""
    decoded = b58decode(address)
    content, checksum = decoded[:-4], decoded[-4:]
    kinds = {1: 33, 2: 24}
    if not content or hashlib.blake2b(content, digest_size=32).digest()[:4] != checksum:
        return None
    return Checked.VALID if content[0] == 3 or kinds.get(content[0]) == len(content) - 1 else None


_MONERO_BLOCK: Final = 11
_MONERO_SIZES: Final = {0: 0, 2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}
_MONERO_VERSIONS: Final = {18: 69, 42: 69, 19: 77}
"""Of an address, a subaddress and one with a payment id, and how many bytes each has."""


def _monero(address: str) -> Checked | None:
    """Base58 in blocks, and four bytes of a Keccak-256."""
    decoded = b"".join(
        _monero_block(address[at : at + _MONERO_BLOCK]) for at in range(0, len(address), _MONERO_BLOCK)
    )
    good = decoded[:1] and _MONERO_VERSIONS.get(decoded[0]) == len(decoded)
    return Checked.VALID if good and keccak_256(decoded[:-4])[:4] == decoded[-4:] else None


def _monero_block(letters: str) -> bytes:
    """Raises ValueError (OverflowError for too large a number) where it is none."""
    number = 0
    for letter in letters:
        number = number * 58 + _ALPHABET.index(letter)
    size = _MONERO_SIZES.get(len(letters))
    if size is None or number >= 256**size:
        raise ValueError("no block of a Monero address")
    return number.to_bytes(size, "big")


_COINS: Final[Mapping[str, tuple[Check, ...]]] = {
    "BTC": (_base58check(0x00, 0x05), _segwit("bc")),
    "LTC": (_base58check(0x30, 0x32, 0x05), _segwit("ltc")),
    "DOGE": (_base58check(0x1E, 0x16),),
    "BCH": (_bitcoin_cash, _base58check(0x00, 0x05)),
    "ETH": (_ethereum,),
    "ETC": (_ethereum,),
    "RVN": (_base58check(0x3C, 0x7A),),
    "ZEC": (
        _base58check(0x1CB8, 0x1CBD, version_bytes=2),
        _bech32("zs", BECH32_1_CONST, (43,)),
        _bech32("u", BECH32_M_CONST),
        _bech32("tex", BECH32_M_CONST, (20,)),
    ),
    "KAS": (_kaspa,),
    "XMR": (_monero,),
    "ERG": (_ergo,),
    "FIRO": (_base58check(0x52, 0x07), _bech32("sm", BECH32_M_CONST)),
}
CHECKED_COINS: Final = tuple(_COINS)
