"""Where a pool is, from the many ways to write it; users, passwords and paths are cut off."""

from __future__ import annotations

import re
from typing import NamedTuple, TypedDict

from edge_sentry.miners.told import Key, Told

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z0-9+.]{1,30})://")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_ADDRESS = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]{{2,45}}\]):(?P<port>[0-9]{{1,5}})")
_LONGEST = 100
_LONGEST_TOLD = 1000
_SECURE = ("ssl", "tls", "tcps", "https", "stratums", "wss")


class PoolAddress(NamedTuple):
    """`address` is "host:port"; `tls` None where the text leaves it open."""

    address: str
    tls: bool | None


def address_of(text: str) -> PoolAddress | None:
    """From "stratum+ssl://user:password@host:port/path"; None for what is no address.

    A port is asked for: without one, a wallet with a worker's name behind it looks like a host.
    """
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    bare = re.split(r"[/?#\s]", rest.rpartition("@")[2], maxsplit=1)[0]
    match = _ADDRESS.fullmatch(bare)
    if match is None or len(bare) > _LONGEST or not 1 <= int(match["port"]) <= 65535:
        return None
    return PoolAddress(bare, _is_secure(scheme["scheme"].lower()) if scheme else None)


class Place(TypedDict):
    """The fields of a pool that come from its address."""

    address: str | None
    tls: bool | None


def place_of(pool: Told, *path: Key) -> Place:
    """The same for a text of the reply; None, with a reason, where it is no address."""
    text = pool.text("address", *path, most=_LONGEST_TOLD)
    found = None if text is None else address_of(text)
    if text is not None and found is None:
        pool.note("address", f"'{path[-1]}' is not the address of a pool")
    return Place(address=found.address, tls=found.tls) if found else Place(address=None, tls=None)


def _is_secure(scheme: str) -> bool:
    return any(part.endswith(_SECURE) for part in scheme.split("+"))
