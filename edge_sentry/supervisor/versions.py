"""One number for all that makes a program start anew: version, what it was filled with, and pool."""

from __future__ import annotations

from typing import Final, NamedTuple

from wire.placeholders import POOLS_MAX

VARIANTS: Final = 2**16


class Version(NamedTuple):
    """`variant`: a digest of what the rig was given, which may change without the version; `pool`: from 0."""

    number: int
    variant: int = 0
    pool: int = 0


def packed(version: Version) -> int:
    """In one number."""
    return (version.number * VARIANTS + version.variant) * POOLS_MAX + version.pool


def unpacked(number: int) -> Version:
    """What `packed` was given."""
    rest, pool = divmod(number, POOLS_MAX)
    return Version(*divmod(rest, VARIANTS), pool)
