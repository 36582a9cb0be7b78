"""Begins to bring a change to rigs; what is small goes at once, the rest with the rounds of the clock."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.records import Latest
from cloud.domain.rig_work import Wish
from cloud.domain.rollouts import KEPT_S, RolloutRigs, StoredRollout, first_state
from cloud.ports import Absent, Item, Ports, Put, StoreUnavailable, Write
from cloud.usecases.advance_rollouts import STEP_RIGS, advance_rollout
from cloud.usecases.find_rollout import find_rollout, rollout_item
from cloud.usecases.keep_audit import commit_audited
from wire.faults import Fault
from wire.templates import Rollout, RolloutState, Speed

_log = logging.getLogger(__name__)
RIGS_MAX = 10_000
_ONLINE_S = 300.0
_LOOKED_AT_ONCE = 100


def begin_rollout(
    ports: Ports,
    farm: str,
    what: str,
    machines: Sequence[str],
    pace: Speed,
    versions: Mapping[str, int] | None = None,
) -> Rollout:
    """Rigs that want one of these playbooks go to this version of it; raises as `start_rollout`."""
    return start_rollout(ports, farm, what, machines, pace, Wish("versions", dict(versions or {})))


def start_rollout(
    ports: Ports,
    farm: str,
    what: str,
    machines: Sequence[str],
    pace: Speed,
    wish: Wish,
    also: Sequence[Write] = (),
) -> Rollout:
    """As it stands after its first step; `also` is written with it or neither is.

    Raises Fault `cannot_sign`, `too_many_rigs` or `try_again` (409).
    """
    rigs = tuple(dict.fromkeys(machines))
    if ports.signer is None:
        raise Fault(
            "cannot_sign", "This commander has no signing key: rigs would believe nothing.", status=409
        )
    if len(rigs) > RIGS_MAX:
        raise Fault("too_many_rigs", f"One change reaches at most {RIGS_MAX:,} rigs.", status=409)
    state = first_state(len(rigs), pace)
    rigs = _online_first(ports, farm, rigs) if state is RolloutState.FIRST else rigs
    first = rigs[0] if state is RolloutState.FIRST else None
    head = _head(ports, what, wish, state, len(rigs), first)
    item = rollout_item(farm, head)
    writes = [*also, Put(item, Absent()), Put(_listed(farm, head, rigs), Absent())]
    after = {"what": what, "rigs": len(rigs), "state": head.state, "wish": wish}
    if not commit_audited(ports, farm, Act("begin_rollout", f"rollout {head.rollout}", after=after), writes):
        raise Fault("try_again", "The rollout is being changed; please try again.", status=409)
    try:
        advance_rollout(ports, farm, head, item, STEP_RIGS)
    except StoreUnavailable as error:
        _log.warning("%s of %s waits for the next round: %s", head.rollout, farm, error)
    return find_rollout(ports, farm, head.rollout)[0].told()


def _head(
    ports: Ports, what: str, wish: Wish, state: RolloutState, rigs: int, first: str | None
) -> StoredRollout:
    now = ports.clock()
    return StoredRollout(
        rollout=ports.randomness.new_id("rollout"),
        what=what,
        wish=wish,
        state=state,
        begun_at=now,
        by=ports.actor.name,
        rigs=rigs,
        since=now,
        first=first,
    )


def _listed(farm: str, head: StoredRollout, rigs: tuple[str, ...]) -> Item:
    key = keys.rollout_rigs(farm, head.rollout)
    return Item.of(key, RolloutRigs(rigs), expires_at=head.begun_at + KEPT_S)


def _online_first(ports: Ports, farm: str, rigs: tuple[str, ...]) -> tuple[str, ...]:
    """With one at the front that reports: from another nothing could be learnt."""
    since = ports.clock() - _ONLINE_S
    for start in range(0, len(rigs), _LOOKED_AT_ONCE):
        some = rigs[start : start + _LOOKED_AT_ONCE]
        found = ports.store.get_many([keys.latest(farm, machine) for machine in some], stale_ok=True)
        for machine in some:
            item = found.get(keys.latest(farm, machine))
            if item is not None and item.read(Latest).received_at >= since:
                return (machine, *(each for each in rigs if each != machine))
    return rigs
