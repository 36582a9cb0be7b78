"""A user and password of a device's web, which nothing ever prints."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from asic_edge.snapshot import Identity


class Login(msgspec.Struct, frozen=True):
    """Goes to the devices that it is for, and nowhere else."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(not shown)"


Logins = Callable[[Identity], Login | None]
"""Which one a person gave for a device; of the identity perhaps the address alone is known."""


def no_login(_: Identity) -> Login | None:
    """None was given: default ones are tried."""
    return None
