"""Brings the rigs of a rollout back to what they were to run before it."""

from __future__ import annotations

from cloud.domain.rig_work import Wish
from cloud.ports import Ports
from cloud.usecases.advance_rollouts import STEP_RIGS
from cloud.usecases.begin_rollout import start_rollout
from cloud.usecases.find_rollout import find_rigs, find_rollout, put_over
from wire.faults import Fault
from wire.templates import Rollout, RolloutState, Speed


def take_back_rollout(ports: Ports, farm: str, rollout: str) -> Rollout:
    """The rollout that leads back, at once for all that the other one reached.

    Raises Fault `rollout_unknown` (404), `rollout_over` (409) where it was taken back already, or what
    `start_rollout` raises.
    """
    head, item = find_rollout(ports, farm, rollout)
    if head.state is RolloutState.TAKEN_BACK:
        raise Fault("rollout_over", "This rollout was taken back already.", status=409)
    # A step that is under way may have reached some that are not noted yet; others stay as they are.
    reached = find_rigs(ports, farm, rollout)[: head.cursor + STEP_RIGS]
    ended = head.turned(RolloutState.TAKEN_BACK, ports.clock())
    wish = Wish("back", of=rollout)
    also = [put_over(farm, item, ended)]
    return start_rollout(ports, farm, f"back: {head.what}"[:200], reached, Speed.AT_ONCE, wish, also)
