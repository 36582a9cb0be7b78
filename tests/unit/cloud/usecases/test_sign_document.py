"""Whatever happens between the steps, a rig is only told of what lies there for it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.rig_work import Work
from cloud.ports import StoreUnavailable
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.sign_document import sign_document
from tests.fakes.signing import Signing
from tests.fakes.world import Farm, Sentry, World
from tests.unit.cloud.usecases.book import filled_book
from wire.faults import Fault


@pytest.fixture
def signing(world: World) -> Signing:
    return Signing(world)


def work(world: World, sentry: Sentry) -> Work:
    return world.store.items[keys.work(sentry.farm, sentry.machine)].read(Work)


def sign(world: World, sentry: Sentry, **wanted: int) -> tuple[int, int]:
    """Signs these playbooks for the rig."""
    mark = sign_document(
        world.ports, sentry.farm, sentry.machine, lambda work: replace(work, wanted=wanted or work.wanted)
    )
    assert mark is not None
    return mark.place


def test_what_a_rig_is_to_run_is_signed_and_placed(
    world: World, farm: Farm, sentry: Sentry, signing: Signing
) -> None:
    ids = filled_book(world, farm)
    assert sign(world, sentry, **{ids.playbook: 1}) == (1, 1)
    (assigned,) = signing.believed(sentry).document.playbooks
    assert assigned.playbook == ids.playbook
    assert "--rig-id=rig-1" in assigned.scripts[0]
    assert world.agent(sentry).document is not None
    assert work(world, sentry).signed_at == world.clock()


def test_each_signature_is_a_newer_revision(world: World, sentry: Sentry, signing: Signing) -> None:
    assert [sign(world, sentry) for _ in range(3)] == [(1, 1), (1, 2), (1, 3)]
    assert signing.believed(sentry, (1, 2)).manifest.revision == 3


def test_it_goes_on_above_what_the_rig_tells(world: World, sentry: Sentry, signing: Signing) -> None:
    mark = sign_document(world.ports, sentry.farm, sentry.machine, told=(2, 40))
    assert mark is not None
    assert mark.place == (2, 41)
    assert sign(world, sentry) == (2, 42)


def test_worker_names_are_of_one_rig_each(world: World, farm: Farm, signing: Signing) -> None:
    rigs = [world.sentry(farm, name) for name in ("Rig 1", "rig-1", "RIG_1")]
    for rig in rigs:
        sign(world, rig)
    assert [work(world, rig).worker for rig in rigs] == ["Rig-1", "rig-1-2", "RIG_1"]
    sign(world, rigs[1])
    assert work(world, rigs[1]).worker == "rig-1-2"


def test_nine_rigs_of_one_name_get_nine_worker_names(world: World, farm: Farm, signing: Signing) -> None:
    rigs = [world.sentry(farm, "rig") for _ in range(9)]
    for rig in rigs:
        sign(world, rig)
    assert len({work(world, rig).worker.lower() for rig in rigs}) == 9


def test_without_a_key_nothing_is_changed(world: World, sentry: Sentry, signing: Signing) -> None:
    signing.signer.fails = True
    before = world.kept()
    with pytest.raises(StoreUnavailable):
        sign(world, sentry)
    assert world.kept() == before


def test_what_could_not_be_placed_is_not_told_and_placed_the_next_time(
    world: World, sentry: Sentry, signing: Signing
) -> None:
    signing.documents.fails = True
    with pytest.raises(StoreUnavailable):
        sign(world, sentry)
    assert world.agent(sentry).document is None
    signing.documents.fails = False
    assert sign(world, sentry) == (1, 2)
    assert signing.believed(sentry).manifest.revision == 2


def test_whoever_is_overtaken_while_placing_signs_again(
    world: World, sentry: Sentry, signing: Signing
) -> None:
    """Or the older document would lie over the newer one, of which the rig was told."""
    others = iter([True])
    signing.documents.before = lambda: next(others, False) and sign(world, sentry)
    told = sign(world, sentry)
    manifest = signing.believed(sentry).manifest
    assert (manifest.epoch, manifest.revision) == told == (1, 3)


def test_what_cannot_be_filled_leaves_the_work_as_it_was(
    world: World, sentry: Sentry, signing: Signing
) -> None:
    sign(world, sentry)
    before = world.kept()
    with pytest.raises(Fault, match="not there any more"):
        sign(world, sentry, gone=3)
    assert world.kept() == before


def test_nothing_is_signed_for_a_rig_in_the_bin_or_unknown(
    world: World, farm: Farm, sentry: Sentry, signing: Signing
) -> None:
    delete_agent(world.ports, farm.farm, sentry.agent)
    assert sign_document(world.ports, farm.farm, sentry.machine) is None
    assert sign_document(world.ports, farm.farm, "machine_x") is None
    assert signing.documents.bodies == {}


def test_a_commander_without_a_key_signs_nothing(world: World, sentry: Sentry) -> None:
    assert sign_document(world.ports, sentry.farm, sentry.machine) is None
