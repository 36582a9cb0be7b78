"""Carries out what somebody does together with its line in an audit log, or neither."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from cloud.domain import audit, keys
from cloud.domain.audit import Act
from cloud.domain.people import AuditHead
from cloud.domain.principals import COMMANDER, Actor
from cloud.domain.records import Agent
from cloud.ports import Absent, AtRevision, Item, Ports, Put, StoreBusy, StoreUnavailable, Write
from cloud.usecases.keep_cadence import pause_s

_TRIES = 30
_TURNS = tuple(threading.RLock() for _ in range(64))
_TURN_S = 2.0


def note_account(ports: Ports, act: Act, writes: Sequence[Write] = (), *, who: str = "") -> bool:
    """As `commit_audited`, in the commander's own log: for what concerns no farm.

    `who` did it where `ports.actor` has no name, as on routes for anyone.
    """
    actor = Actor(ports.actor.name or who, ports.actor.address)
    return commit_audited(replace(ports, actor=actor), None, act, writes)


def commit_audited(
    ports: Ports,
    farm: str | None,
    act: Act,
    writes: Sequence[Write],
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """`writes` (at most 98) and the line, by `ports.actor`; False when a condition of `writes` did not hold.

    Another line that came first is no refusal: then it is tried again behind that one.
    """
    with _turn(farm):
        return _commit(ports, farm, act, writes, pause)


@contextmanager
def _turn(farm: str | None) -> Iterator[None]:
    """Threads of this process line up, rather than spoil one another's tries.

    It is no more than a courtesy: what keeps the chain whole is the store's conditions, so whoever has
    waited for long goes on.
    """
    lock = _TURNS[hash(farm) % len(_TURNS)]
    taken = lock.acquire(timeout=_TURN_S)
    try:
        yield
    finally:
        if taken:
            lock.release()


def _commit(
    ports: Ports, farm: str | None, act: Act, writes: Sequence[Write], pause: Callable[[float], None]
) -> bool:
    for failed in range(_TRIES):
        if failed:
            pause(pause_s(failed))
        item = ports.store.get(keys.audit_head(farm))
        head = item.read(AuditHead) if item else AuditHead()
        try:
            if ports.store.commit([*writes, *_line(ports, farm, act, item, head)]):
                return True
        except StoreBusy:
            continue
        stray = ports.store.get(keys.audit_line(farm, head.number + 1))
        if ports.store.get(keys.audit_head(farm)) == item:
            if stray is not None:
                raise _stray_line(farm)
            return False
    raise StoreUnavailable("the audit log grows faster than a line can be added")


def commit_of_agent(ports: Ports, farm: str, agent: Agent, act: Act, writes: Sequence[Write]) -> bool:
    """As `commit_audited`; but what the commander itself does with simulated rigs is no line of the log.

    Hundreds of them come and go as it starts.
    """
    if agent.simulated and ports.actor == COMMANDER:
        return ports.store.commit(writes)
    return commit_audited(ports, farm, act, writes)


def _line(ports: Ports, farm: str | None, act: Act, item: Item | None, head: AuditHead) -> list[Write]:
    line = audit.entry(farm, head, ports.clock(), ports.actor, act)
    revision = item.revision if item else 0
    renewed = Item.of(keys.audit_head(farm), AuditHead(line.number, line.sha256), revision=revision + 1)
    return [
        Put(Item.of(keys.audit_line(farm, line.number), line), Absent()),
        Put(renewed, AtRevision(revision) if revision else Absent()),
    ]


def _stray_line(farm: str | None) -> StoreUnavailable:
    """A line behind the end of the log is not ours; what it proves must not be written over."""
    whose = "the commander's own audit log" if farm is None else f"the audit log of {farm}"
    return StoreUnavailable(f"{whose} goes on behind its end: see `commander admin verify-audit`")
