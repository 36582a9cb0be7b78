"""Carries rollouts on, some rigs at a time. A step that dies is done again to the same end."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from cloud.domain import keys
from cloud.domain.records import Latest
from cloud.domain.rig_work import Work
from cloud.domain.rollouts import (
    COUNTED_EVERY_S,
    FIRST_SHARE_WITHIN_S,
    FOLLOWED_S,
    ON_ITS_WAY,
    StoredRollout,
    failure,
    has_accepted,
    missing_shares,
)
from cloud.ports import Item, Ports
from cloud.usecases.find_rollout import every_rollout, find_rigs, put_over
from cloud.usecases.sign_document import sign_document
from wire.faults import Fault
from wire.templates import RolloutState

_log = logging.getLogger(__name__)
STEP_RIGS = 25
"""Between two notes of how far it came: as many may be signed for twice."""
ROUND_RIGS = 200
"""For as many a round of the clock signs in a farm: 2 s at the rate that AWS KMS allows, 100 a second."""
_COUNTED_AT_ONCE = 500


def advance_rollouts(ports: Ports, farm: str) -> None:
    """A bounded part of what is on its way in the farm, the oldest first. Raises StoreUnavailable."""
    room = ROUND_RIGS
    for head, item in reversed(every_rollout(ports, farm)):
        if head.state in ON_ITS_WAY:
            room -= advance_rollout(ports, farm, head, item, room)


def advance_rollout(ports: Ports, farm: str, head: StoredRollout, item: Item, room: int) -> int:
    """Signs for about `room` more rigs; gives for how many. Raises StoreUnavailable."""
    begun, rigs = head.cursor, find_rigs(ports, farm, head.rollout)
    while head.state in ON_ITS_WAY:
        changed = _step(ports, farm, head, rigs, room - (head.cursor - begun))
        if changed == head:
            break
        put = put_over(farm, item, changed)
        if not ports.store.write(put):
            break  # stopped, or carried on by another
        head, item = changed, put.item
    return head.cursor - begun


def _step(ports: Ports, farm: str, head: StoredRollout, rigs: Sequence[str], room: int) -> StoredRollout:
    """The rollout a step further; the same where there is nothing to do now."""
    if head.state is RolloutState.FIRST:
        return _sign(ports, farm, head, rigs[:1]) if head.cursor == 0 else _watch_first(ports, farm, head)
    if head.cursor < head.rigs:
        step = rigs[head.cursor : head.cursor + min(room, STEP_RIGS)]
        moved = _sign(ports, farm, head, step) if step else head
        return moved.turned(moved.state, ports.clock()) if moved.cursor == moved.rigs else moved
    return _follow(ports, farm, head, rigs)


def _sign(ports: Ports, farm: str, head: StoredRollout, rigs: Sequence[str]) -> StoredRollout:
    refused: list[tuple[str, str]] = []
    for machine in rigs:
        try:
            sign_document(ports, farm, machine, lambda work: head.wish.applied(work, head.rollout))
        except Fault as fault:
            refused.append((machine, fault.message))
    moved, now = head.moved(len(rigs), refused), ports.clock()
    if head.state is RolloutState.FIRST and refused:
        return moved.turned(RolloutState.STOPPED, now, f"The first rig was refused: {refused[0][1]}")
    return moved.turned(moved.state, now) if head.state is RolloutState.FIRST else moved


def _watch_first(ports: Ports, farm: str, head: StoredRollout) -> StoredRollout:
    machine, now = head.first or "", ports.clock()
    work, latest = _states(ports, farm, [machine])[0]
    missing = missing_shares(work, head.rollout, latest) if work else "it is there no more"
    if not missing:
        return head.turned(RolloutState.REST, now)
    if now < head.since + FIRST_SHARE_WITHIN_S:
        return head
    why = f"The first rig did not mine within {FIRST_SHARE_WITHIN_S / 60:.0f} minutes: {missing}"
    _log.warning("%s of %s is stopped after its first rig", head.rollout, farm)
    return head.turned(RolloutState.STOPPED, now, why)


def _follow(ports: Ports, farm: str, head: StoredRollout, rigs: Sequence[str]) -> StoredRollout:
    """Counts now and then, until all run it or an hour has passed."""
    now = ports.clock()
    if now < head.counted_at + COUNTED_EVERY_S:
        return head
    counted = count(ports, farm, head, rigs)
    over = counted.is_settled or now >= head.since + FOLLOWED_S
    return counted.turned(RolloutState.DONE, now) if over else counted


def count(ports: Ports, farm: str, head: StoredRollout, rigs: Sequence[str]) -> StoredRollout:
    """With how many of its rigs run it, and how many could not."""
    running = failed = 0
    for start in range(0, head.cursor, _COUNTED_AT_ONCE):
        some = rigs[start : min(head.cursor, start + _COUNTED_AT_ONCE)]
        for work, latest in _states(ports, farm, some):
            if work is None or work.signed_at < head.begun_at:
                continue  # nothing could be signed for it
            running += has_accepted(work, latest)
            failed += bool(failure(work, latest)) and not has_accepted(work, latest)
    return head.counted(running, failed, ports.clock())


def _states(ports: Ports, farm: str, rigs: Sequence[str]) -> list[tuple[Work | None, Latest | None]]:
    """Of each rig what it is to run and what it last told."""
    works = [keys.work(farm, machine) for machine in rigs]
    latest = [keys.latest(farm, machine) for machine in rigs]
    found = ports.store.get_many([*works, *latest])
    return [
        (
            found[work_key].read(Work) if work_key in found else None,
            found[latest_key].read(Latest) if latest_key in found else None,
        )
        for work_key, latest_key in zip(works, latest, strict=True)
    ]
