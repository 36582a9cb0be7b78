"""What agent and reading process say to each other: msgpack behind its length, over pipes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from asic_edge.login import Login
from asic_edge.snapshot import Depth, Identity, Snapshot

_LENGTH_BYTES = 4
MOST_BYTES = 4 * 1024 * 1024

NO_LIBRARY = 3
"""Exit status of the reading process where pyasic-rs is not installed, or not made for the system."""

T = TypeVar("T")


class Verb(StrEnum):
    """What the reading process is asked to do; CANCEL has the number of what is not wanted any more."""

    IDENTIFY = "identify"
    READ = "read"
    FORGET = "forget"
    CANCEL = "cancel"


class Ask(msgspec.Struct, frozen=True, array_like=True):
    """`limit_s`: after so long there must be an answer."""

    number: int
    verb: Verb
    address: str
    depth: Depth = Depth.LIGHT
    limit_s: float = 15.0
    login: Login | None = None


class Told(msgspec.Struct, frozen=True, array_like=True):
    """The answer to the question of that number: one of the three, or none for "no such device"."""

    number: int
    identity: Identity | None = None
    snapshot: Snapshot | None = None
    reason: str | None = None


_encode = msgspec.msgpack.Encoder().encode


def framed(message: Ask | Told) -> bytes:
    """As it goes into the pipe."""
    body = _encode(message)
    return len(body).to_bytes(_LENGTH_BYTES, "big") + body


class Frames(Generic[T]):
    """Cuts what comes out of the pipe into messages of one type."""

    def __init__(self, kind: type[T]) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[T]:
        """All messages that are complete now. Raises ValueError for what cannot be one."""
        data, begin = self._rest + chunk, 0
        while len(data) - begin >= _LENGTH_BYTES:
            end = begin + _LENGTH_BYTES + int.from_bytes(data[begin : begin + _LENGTH_BYTES], "big")
            if end - begin > MOST_BYTES:
                raise ValueError(f"a message of {end - begin} bytes")
            if len(data) < end:
                break
            yield self._decoder.decode(data[begin + _LENGTH_BYTES : end])
            begin = end
        self._rest = data[begin:]
