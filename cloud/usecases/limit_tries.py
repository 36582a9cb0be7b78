"""Counts what strangers try, in the store, before it is tried: so all instances in AWS count together."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from cloud.domain import keys
from cloud.domain.keys import Key
from cloud.domain.tokens import sha256
from cloud.domain.tries import Tries, forgotten_at, one_less, one_more, wait_s
from cloud.ports import Absent, AtRevision, Delete, Item, Ports, Put, StoreBusy, Write
from cloud.usecases.keep_cadence import pause_s
from wire.faults import Fault

ACCOUNT_FREE, ADDRESS_FREE, CODES_FREE, LETTERS_FREE = 5, 20, 10, 3
_ATTEMPTS = 20
_CROWDED_S = 2.0
_FROM_HERE = "Too many tries from here"


class Limit(NamedTuple):
    """What is counted, how often it may be tried without a delay, and what is said beyond that."""

    key: Key
    free: int
    beyond: str = "Too many tries"


def of_account(email: str, address: str) -> Limit:
    """Wrong passwords for one account from one address; those from elsewhere do not count."""
    return _limit(ACCOUNT_FREE, _FROM_HERE, "account", email, _network(address))


def of_address(address: str) -> tuple[Limit, ...]:
    """Whatever one address tries, whomever it names. Callers without a known address share one.

    Nothing for this computer itself: everybody behind a tunnel has that address, so it tells nobody apart.
    """
    known = _parsed(address)
    if known is not None and known.is_loopback:
        return ()
    return (_limit(ADDRESS_FREE, _FROM_HERE, "address", _network(address)),)


def of_codes(email: str) -> Limit:
    """Wrong codes for one account, from anywhere: who gets that far knows the password."""
    return _limit(CODES_FREE, "Too many codes for this account", "codes", email)


def of_letters(email: str) -> Limit:
    """Letters that anybody asks for in somebody's name."""
    return _limit(LETTERS_FREE, "Too many letters to this address", "letters", email)


def reserve_try(ports: Ports, limits: Sequence[Limit], pause: Callable[[float], None] = time.sleep) -> None:
    """Counts one try by each of `limits`, or none; raises Fault `too_many_sign_ins` (429).

    Of many at once only as many get through as may: each changes what the others have read.
    """
    if not limits:
        return
    for failed in range(_ATTEMPTS):
        if failed:
            pause(pause_s(failed))
        now, found = ports.clock(), ports.store.get_many([limit.key for limit in limits])
        longest_s, beyond = max(
            (wait_s(_read(found, limit), limit.free, now), limit.beyond) for limit in limits
        )
        if longest_s > 0:
            raise too_many(beyond, longest_s)
        try:
            if ports.store.commit([_counted(found, limit, now) for limit in limits]):
                return
        except StoreBusy:
            continue
    raise too_many("Too many tries at this moment", _CROWDED_S)


def is_tried(ports: Ports, limits: Sequence[Limit]) -> bool:
    """As `reserve_try`, for what is left out without a word when there was too much of it."""
    try:
        reserve_try(ports, limits)
    except Fault:
        return False
    return True


def forget_tries(ports: Ports, limit: Limit) -> None:
    """Begins anew: what was tried has succeeded."""
    ports.store.write(Delete(limit.key))


def give_back_try(ports: Ports, limit: Limit) -> None:
    """As if this try had not been made; one too many may stay counted where others try just now."""
    item = ports.store.get(limit.key)
    if item is None:
        return
    left, at_revision = one_less(item.read(Tries)), AtRevision(item.revision)
    ports.store.write(
        Put(_item(limit.key, left, item.revision + 1), at_revision)
        if left.count
        else Delete(limit.key, at_revision)
    )


def too_many(what: str, wait_s: float) -> Fault:
    """The refusal that says when to come again."""
    message = f"{what}; please wait {math.ceil(wait_s)} s."
    return Fault("too_many_sign_ins", message, status=429, retry_after_s=wait_s)


def _limit(free: int, beyond: str, *counted: str) -> Limit:
    return Limit(keys.tries(sha256(msgspec.json.encode(counted).decode())), free, beyond)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address, as IPv4 where IPv6 wraps one; None where it is none."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(known, "ipv4_mapped", None) or known


def _network(address: str) -> str:
    """The caller's address; of IPv6 the /64, which one household has whole."""
    known = _parsed(address)
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((known.packed[:8] + bytes(8), 64)))
    return address if known is None else str(known)


def _read(found: dict[Key, Item], limit: Limit) -> Tries:
    item = found.get(limit.key)
    return item.read(Tries) if item else Tries()


def _counted(found: dict[Key, Item], limit: Limit, now: float) -> Write:
    item = found.get(limit.key)
    revision = item.revision if item else 0
    tries = one_more(_read(found, limit), now)
    when = AtRevision(revision) if item else Absent()
    return Put(_item(limit.key, tries, revision + 1), when)


def _item(key: Key, tries: Tries, revision: int) -> Item:
    return Item.of(key, tries, revision=revision, expires_at=forgotten_at(tries) + 1)
