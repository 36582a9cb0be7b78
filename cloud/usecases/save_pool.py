"""Adds a pool to the address book, or changes one, and with it the playbooks that use it."""

from __future__ import annotations

from typing import Any

import msgspec

from cloud.domain.audit import Act, difference
from cloud.domain.playbooks import Book, StoredPool
from cloud.domain.templates import checked_pool
from cloud.ports import Ports
from cloud.usecases.change_templates import changed_versions
from cloud.usecases.find_playbooks import Wanted, find_book, uses_of
from cloud.usecases.find_wanted import find_wanted
from cloud.usecases.keep_book import check_free, check_room, commit_book
from cloud.usecases.spread_versions import spread_missed, spread_versions
from wire.faults import Fault
from wire.templates import PoolRequest, PoolTemplate, Speed


def add_pool(ports: Ports, farm: str, entry: PoolRequest) -> PoolTemplate:
    """Raises the Faults of `checked_pool`, `name_taken`, `too_many_templates` or `try_again` (409)."""
    entry = checked_pool(entry)
    book, revision = find_book(ports, farm)
    check_room(len(book.pools), "pools")
    pool = ports.randomness.new_id("pool")
    stored = _stored(ports, book, pool, entry)
    act = Act("add_pool", f"pool {pool}", after=_told(msgspec.structs.asdict(entry)))
    commit_book(ports, farm, revision, _with(book, pool, stored), act)
    return pool_view(book, pool, stored, find_wanted(ports, farm))


def change_pool(ports: Ports, farm: str, pool: str, entry: PoolRequest, pace: Speed) -> PoolTemplate:
    """Also `pool_unknown` (404), or `wrong_coin` (422) where a playbook pays to another coin's wallet."""
    entry = checked_pool(entry)
    book, revision = find_book(ports, farm)
    stored, what = known_pool(book, pool), f"pool {entry.name} changed"
    if stored.entry != entry:
        versions = changed_versions(ports, farm, book, pool, entry)
        act = Act("change_pool", f"pool {pool}", *map(_told, difference(stored.entry, entry)))
        stored = _stored(ports, book, pool, entry)
        commit_book(ports, farm, revision, _with(book, pool, stored), act, versions)
        made = {version.playbook: version.told.version for version in versions}
        spread_versions(ports, farm, what, made, pace)
    else:
        spread_missed(ports, farm, what, {key: head.version for key, head in book.users(pool).items()}, pace)
    return pool_view(book, pool, stored, find_wanted(ports, farm))


def known_pool(book: Book, pool: str) -> StoredPool:
    """Raises Fault `pool_unknown` (404)."""
    found = book.pools.get(pool)
    if found is None:
        raise Fault("pool_unknown", "There is no such pool.", status=404)
    return found


def pool_view(book: Book, pool: str, stored: StoredPool, wanted: Wanted) -> PoolTemplate:
    """As the page is told of it, with what uses it."""
    uses = uses_of(book.users(pool), wanted)
    return PoolTemplate(pool, stored.entry, stored.changed_at, stored.changed_by, uses)


def _stored(ports: Ports, book: Book, pool: str, entry: PoolRequest) -> StoredPool:
    others = (stored.entry.name for other, stored in book.pools.items() if other != pool)
    check_free(entry.name, others, "pool")
    return StoredPool(entry, ports.clock(), ports.actor.name)


def _with(book: Book, pool: str, stored: StoredPool) -> Book:
    return msgspec.structs.replace(book, pools={**book.pools, pool: stored})


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    """For the audit log, which holds no passwords."""
    return {name: "(a password)" if name == "password" else value for name, value in fields.items()}
