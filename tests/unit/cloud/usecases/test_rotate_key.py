"""Rigs follow a new key without being touched."""

from __future__ import annotations

import pytest

from cloud.ports import StoreUnavailable
from cloud.usecases.rotate_key import rotate_key
from cloud.usecases.sign_document import sign_document
from edge_sentry.playbooks.belief import Unbelievable
from tests.fakes.signed import SigningKey
from tests.fakes.signing import Signing
from tests.fakes.world import Farm, Sentry, World
from wire.faults import Fault


@pytest.fixture
def signing(world: World) -> Signing:
    return Signing(world)


def test_a_rig_that_pinned_the_old_key_follows_it(world: World, sentry: Sentry, signing: Signing) -> None:
    world.enrol(sentry)
    assert rotate_key(world.ports) == 1
    assert signing.believed(sentry).key == SigningKey(1).public
    sign_document(world.ports, sentry.farm, sentry.machine)
    believed = signing.believed(sentry, (1, 1))
    assert believed.key == SigningKey(2).public
    assert believed.manifest.revision == 2


def test_a_rig_that_missed_some_rotations_follows_them_all(
    world: World, sentry: Sentry, signing: Signing
) -> None:
    world.enrol(sentry)
    for _ in range(3):
        rotate_key(world.ports)
    sign_document(world.ports, sentry.farm, sentry.machine)
    assert signing.believed(sentry).key == SigningKey(4).public
    assert signing.believed(sentry, key=SigningKey(3).public).key == SigningKey(4).public
    with pytest.raises(Unbelievable):
        signing.believed(sentry, key=SigningKey(9).public)


def test_each_farm_has_its_own_handover(world: World, farm: Farm, signing: Signing) -> None:
    rigs = [world.sentry(farm), world.sentry(world.farm("South", "south@example.test"))]
    for rig in rigs:
        world.enrol(rig)
    assert rotate_key(world.ports) == 2
    for rig in rigs:
        sign_document(world.ports, rig.farm, rig.machine)
        assert signing.believed(rig).key == SigningKey(2).public


def test_an_interrupted_rotation_harms_nobody_and_is_carried_on(
    world: World, farm: Farm, sentry: Sentry, signing: Signing
) -> None:
    world.enrol(sentry)
    signing.signer.switches = False
    with pytest.raises(StoreUnavailable):
        rotate_key(world.ports)
    signing.signer.switches = True
    sign_document(world.ports, farm.farm, sentry.machine)
    assert signing.believed(sentry).key == SigningKey(1).public
    rotate_key(world.ports)
    sign_document(world.ports, farm.farm, sentry.machine)
    assert signing.believed(sentry).key == SigningKey(2).public


def test_it_stands_in_the_commanders_own_log_without_any_key(
    world: World, farm: Farm, signing: Signing
) -> None:
    rotate_key(world.ports)
    line = world.audit(None)[-1]
    assert (line.action, line.thing, line.after) == ("rotate_key", "signing key", {"farms": 1})


def test_a_commander_without_a_key_has_none_to_rotate(world: World) -> None:
    with pytest.raises(Fault, match="no signing key"):
        rotate_key(world.ports)
