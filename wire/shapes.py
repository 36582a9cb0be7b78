"""What every message is built of: the base of all, ids, times and bounded texts."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]+\Z", max_length=64)]
ShortText = Annotated[str, Meta(max_length=200)]
Seconds = Annotated[float, Meta(ge=0, le=1e11)]
Counter = Annotated[int, Meta(ge=0, lt=2**40)]
Size = Annotated[int, Meta(ge=0, lt=2**60)]
Epoch = Annotated[int, Meta(ge=1, lt=2**22)]
Subject = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_.+/-]*\Z", max_length=64)]
"""What a figure or an event is about: a device's id, an algorithm's name, "" for the machine itself."""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of everything sent: immutable, defaults left out."""
