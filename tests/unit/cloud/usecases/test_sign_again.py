"""Signing again goes on where it was interrupted, and tells how far it is."""

from __future__ import annotations

from itertools import islice

import pytest

from cloud.usecases.advance_rollouts import STEP_RIGS
from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.rotate_key import rotate_key
from cloud.usecases.sign_again import Progress, sign_again
from tests.fakes.signed import SigningKey
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.templates import AssignRequest, Speed

RIGS = STEP_RIGS * 2 + 5


@pytest.fixture
def crew(world: World, farm: Farm) -> Crew:
    return Crew(world, farm, RIGS)


def test_all_rigs_get_the_new_signature_and_the_same_playbooks(world: World, farm: Farm, crew: Crew) -> None:
    some = crew.machines[:2]
    assign_playbooks(world.ports, farm.farm, AssignRequest((crew.playbook,), some, pace=Speed.AT_ONCE))
    before = crew.signing.believed(crew.rigs[0]).document
    rotate_key(world.ports)
    told = list(sign_again(world.ports, farm.farm))
    assert [progress.done for progress in told] == [STEP_RIGS, 2 * STEP_RIGS, RIGS]
    believed = [crew.signing.believed(rig) for rig in crew.rigs]
    assert {each.key for each in believed} == {SigningKey(2).public}
    assert believed[0].document == before


def test_what_was_interrupted_is_carried_on(world: World, farm: Farm, crew: Crew) -> None:
    list(islice(sign_again(world.ports, farm.farm), 2))
    signatures = crew.signing.signer.signatures
    assert list(sign_again(world.ports, farm.farm))[-1] == Progress(RIGS, RIGS, 0)
    assert crew.signing.signer.signatures - signatures == 5


def test_should_it_end_the_clock_carries_it_on(world: World, farm: Farm, crew: Crew) -> None:
    next(sign_again(world.ports, farm.farm))
    world.sweep()
    assert crew.signing.signer.signatures == RIGS


def test_a_farm_without_rigs_has_nothing_to_sign(world: World) -> None:
    farm = Crew(world, world.farm(), 0).farm
    assert list(sign_again(world.ports, farm.farm)) == []
