"""Keccak-256 as Ethereum and Monero use it: SHA-3 before its padding was changed, so hashlib has it not."""

from __future__ import annotations

from typing import Final

_RATE_BYTES: Final = 136
_MASK: Final = (1 << 64) - 1
_PADDING: Final = 0x01


def _constants() -> tuple[int, ...]:
    """Those of the 24 rounds, from the register that defines them (FIPS 202, 3.2.5)."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for bit in range(7):
            constant |= (register & 1) << ((1 << bit) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return tuple(constants)


_ROUNDS: Final = _constants()


def keccak_256(message: bytes, padding: int = _PADDING) -> bytes:
    """The digest, 32 bytes. With the padding 0x06 it is SHA3-256."""
    lanes = [0] * 25
    missing = _RATE_BYTES - len(message) % _RATE_BYTES
    tail = bytearray(missing)
    tail[0] |= padding
    tail[-1] |= 0x80
    padded = message + bytes(tail)
    for start in range(0, len(padded), _RATE_BYTES):
        for lane in range(_RATE_BYTES // 8):
            at = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permuted(lanes: list[int]) -> list[int]:
    """Keccak-f[1600]; lane (x, y) stands at x + 5 y."""
    for constant in _ROUNDS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        mixed = [columns[(x - 1) % 5] ^ _turned(columns[(x + 1) % 5], 1) for x in range(5)]
        lanes = [lane ^ mixed[at % 5] for at, lane in enumerate(lanes)]
        lanes = _moved(lanes)
        lanes = [
            lane ^ (~lanes[at - at % 5 + (at + 1) % 5] & lanes[at - at % 5 + (at + 2) % 5] & _MASK)
            for at, lane in enumerate(lanes)
        ]
        lanes[0] ^= constant
    return lanes


def _moved(lanes: list[int]) -> list[int]:
    """The steps rho and pi: each lane is turned, and goes to another place."""
    moved = list(lanes)
    x, y, current = 1, 0, lanes[1]
    for step in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        current, moved[x + 5 * y] = lanes[x + 5 * y], _turned(current, (step + 1) * (step + 2) // 2 % 64)
    return moved


def _turned(lane: int, bits: int) -> int:
    return ((lane << bits) | (lane >> (64 - bits))) & _MASK
