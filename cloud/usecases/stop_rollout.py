"""Stops a rollout where it stands, and carries a stopped one on."""

from __future__ import annotations

from cloud.domain.audit import Act
from cloud.domain.rollouts import ON_ITS_WAY, StoredRollout
from cloud.ports import Item, Ports
from cloud.usecases.advance_rollouts import STEP_RIGS, advance_rollout
from cloud.usecases.find_rollout import find_rollout, put_over
from cloud.usecases.keep_audit import commit_audited
from wire.faults import Fault
from wire.templates import Rollout, RolloutState

_TRIES = 10


def stop_rollout(ports: Ports, farm: str, rollout: str) -> Rollout:
    """Rigs that have the change keep it. Raises Fault `rollout_unknown` (404) or `rollout_over` (409)."""
    for _ in range(_TRIES):
        head, item = find_rollout(ports, farm, rollout)
        if head.state is RolloutState.STOPPED:
            return head.told()
        if head.state not in ON_ITS_WAY:
            raise _over(head)
        stopped = head.turned(RolloutState.STOPPED, ports.clock(), f"Stopped by {ports.actor.name}.")
        if _commit(ports, farm, "stop_rollout", item, head, stopped):
            return stopped.told()
    raise _busy()


def continue_rollout(ports: Ports, farm: str, rollout: str) -> Rollout:
    """All that are left get it, whatever the first rig did; raises as `stop_rollout`."""
    for _ in range(_TRIES):
        head, item = find_rollout(ports, farm, rollout)
        if head.state in ON_ITS_WAY:
            return head.told()
        if head.state is not RolloutState.STOPPED:
            raise _over(head)
        going = head.turned(RolloutState.REST, ports.clock())
        if _commit(ports, farm, "continue_rollout", item, head, going):
            advance_rollout(ports, farm, going, put_over(farm, item, going).item, STEP_RIGS)
            return find_rollout(ports, farm, rollout)[0].told()
    raise _busy()


def _commit(
    ports: Ports, farm: str, action: str, item: Item, before: StoredRollout, after: StoredRollout
) -> bool:
    sides = [{"state": each.state, "rigs_done": each.cursor} for each in (before, after)]
    act = Act(action, f"rollout {before.rollout}", *sides)
    return commit_audited(ports, farm, act, [put_over(farm, item, after)])


def _over(head: StoredRollout) -> Fault:
    words = "was taken back" if head.state is RolloutState.TAKEN_BACK else "is done"
    return Fault("rollout_over", f"This rollout {words}.", status=409)


def _busy() -> Fault:
    return Fault("try_again", "The rollout is being changed; please try again.", status=409)
