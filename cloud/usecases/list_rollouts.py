"""Lists the rollouts of the last 30 days."""

from __future__ import annotations

from cloud.domain.rollouts import ON_ITS_WAY, StoredRollout
from cloud.ports import Ports
from cloud.usecases.advance_rollouts import count
from cloud.usecases.find_rollout import every_rollout, find_rigs
from wire.templates import RolloutList

SHOWN_MAX = 200
_COUNTED_NOW_MAX = 500
"""Larger ones are counted by the rounds of the clock, each minute."""


def list_rollouts(ports: Ports, farm: str) -> RolloutList:
    """The newest first, at most 200."""
    found = [head for head, _ in every_rollout(ports, farm)[:SHOWN_MAX]]
    return RolloutList(tuple(_counted(ports, farm, head).told() for head in found))


def _counted(ports: Ports, farm: str, head: StoredRollout) -> StoredRollout:
    if head.state not in ON_ITS_WAY or head.rigs > _COUNTED_NOW_MAX:
        return head
    return count(ports, farm, head, find_rigs(ports, farm, head.rollout))
