"""Signs anew for all rigs of a farm, as a rollout that changes nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from cloud.domain import keys
from cloud.domain.records import Machine
from cloud.domain.rig_work import Wish
from cloud.domain.rollouts import ON_ITS_WAY
from cloud.ports import Ports, every
from cloud.usecases.advance_rollouts import STEP_RIGS, advance_rollout
from cloud.usecases.begin_rollout import RIGS_MAX, start_rollout
from cloud.usecases.find_rollout import every_rollout, find_rollout
from wire.messages import AgentKind
from wire.templates import Speed

WHAT: Final = "signed again"


class Progress(NamedTuple):
    """How many of a farm's rigs are signed for, or could not be."""

    done: int
    rigs: int
    refused: int


def sign_again(ports: Ports, farm: str) -> Iterator[Progress]:
    """Told after each step. What an earlier call left is carried on; so does the clock, should this end.

    Raises StoreUnavailable, or what `start_rollout` raises.
    """
    for rollout in _begun(ports, farm) or _begin(ports, farm):
        while True:
            head, item = find_rollout(ports, farm, rollout)
            yield Progress(head.cursor, head.rigs, head.refusals)
            if head.cursor == head.rigs or head.state not in ON_ITS_WAY:
                break
            advance_rollout(ports, farm, head, item, STEP_RIGS)


def _begun(ports: Ports, farm: str) -> list[str]:
    return [
        head.rollout
        for head, _ in every_rollout(ports, farm)
        if head.what == WHAT and head.state in ON_ITS_WAY and head.cursor < head.rigs
    ]


def _begin(ports: Ports, farm: str) -> Iterator[str]:
    prefix = keys.MACHINE_PREFIX
    items = every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")
    machines = (item.read(Machine) for item in items)
    rigs = [each.machine for each in machines if each.kind is AgentKind.CPU_GPU]
    for start in range(0, len(rigs), RIGS_MAX):
        some = rigs[start : start + RIGS_MAX]
        yield start_rollout(ports, farm, WHAT, some, Speed.AT_ONCE, Wish("same")).rollout
