"""Changes reach the rigs that are to run what changed, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.domain import keys
from cloud.domain.rig_work import Work
from cloud.usecases.find_rollout import every_rollout, find_rigs
from cloud.usecases.list_playbooks import list_playbooks
from cloud.usecases.restore_version import restore_version
from cloud.usecases.save_playbook import change_playbook
from cloud.usecases.save_pool import change_pool
from cloud.usecases.save_wallet import change_wallet
from cloud.usecases.spread_versions import spread_missed, spread_versions
from tests.fakes.signing import Signing
from tests.fakes.templates import draft, pool, wallet
from tests.fakes.world import Farm, Sentry, World
from tests.unit.cloud.usecases.book import Ids, filled_book, wanted_on
from wire.faults import Fault
from wire.templates import Speed, VersionRequest


@pytest.fixture
def ids(world: World, farm: Farm) -> Ids:
    """A commander that signs."""
    Signing(world)
    return filled_book(world, farm)


@pytest.fixture
def rig(world: World, farm: Farm, ids: Ids) -> Sentry:
    """It is to run version 1."""
    rig = world.sentry(farm)
    wanted_on(world, rig, {ids.playbook: 1})
    return rig


def _wanted(world: World, rig: Sentry) -> dict[str, int]:
    return world.store.items[keys.work(rig.farm, rig.machine)].read(Work).wanted


def _whats(world: World, farm: Farm) -> list[str]:
    """What each rollout is of, the oldest first."""
    return [head.what for head, _ in every_rollout(world.ports, farm.farm)][::-1]


def test_each_change_is_a_rollout(world: World, farm: Farm, ids: Ids, rig: Sentry) -> None:
    ports = world.ports
    change_wallet(ports, farm.farm, ids.wallet, wallet(address="another"), Speed.CAREFUL)
    assert _wanted(world, rig) == {ids.playbook: 2}
    world.clock.advance(1)
    change_pool(ports, farm.farm, ids.pool, pool(address="b.example:1"), Speed.AT_ONCE)
    world.clock.advance(1)
    change_playbook(ports, farm.farm, ids.playbook, draft(ids.pool, ids.wallet, script="y\n"), Speed.CAREFUL)
    world.clock.advance(1)
    restore_version(ports, farm.farm, ids.playbook, VersionRequest(1))
    assert _wanted(world, rig) == {ids.playbook: 5}
    assert _whats(world, farm) == [
        "wallet Ann changed",
        "pool Europe changed",
        "playbook Monero changed",
        "playbook Monero back to version 1",
    ]
    view = list_playbooks(ports, farm.farm).playbooks[0]
    assert (view.rigs, view.changed) == (1, 0)


def test_a_rig_with_something_else_is_left_alone(world: World, farm: Farm, ids: Ids, rig: Sentry) -> None:
    other = world.sentry(farm, "rig-2")
    wanted_on(world, other, {"another": 1})
    change_wallet(world.ports, farm.farm, ids.wallet, wallet(address="another"), Speed.CAREFUL)
    ((head, _),) = every_rollout(world.ports, farm.farm)
    assert find_rigs(world.ports, farm.farm, head.rollout) == (rig.machine,)
    assert _wanted(world, other) == {"another": 1}


def test_what_no_rig_runs_needs_no_rollout(world: World, farm: Farm, ids: Ids) -> None:
    change_wallet(world.ports, farm.farm, ids.wallet, wallet(address="another"), Speed.CAREFUL)
    assert _whats(world, farm) == []


def test_above_ten_rigs_one_goes_first(world: World, farm: Farm, ids: Ids) -> None:
    rigs = [world.sentry(farm, f"rig-{number}") for number in range(11)]
    for rig in rigs:
        wanted_on(world, rig, {ids.playbook: 1})
    change_wallet(world.ports, farm.farm, ids.wallet, wallet(address="another"), Speed.CAREFUL)
    assert sum(_wanted(world, rig) == {ids.playbook: 2} for rig in rigs) == 1
    assert list_playbooks(world.ports, farm.farm).playbooks[0].changed == 10
    change_wallet(world.ports, farm.farm, ids.wallet, wallet(address="a-third"), Speed.AT_ONCE)
    assert {_wanted(world, rig)[ids.playbook] for rig in rigs} == {3}


def test_a_change_sent_again_is_brought_to_rigs_where_it_never_was(
    world: World, farm: Farm, ids: Ids, rig: Sentry
) -> None:
    """The commander was stopped between the change and its rollout."""
    ports, other = world.ports, wallet(address="another")
    with pytest.raises(Fault, match="no signing key"):
        change_wallet(replace(ports, signer=None), farm.farm, ids.wallet, other, Speed.CAREFUL)
    assert _wanted(world, rig) == {ids.playbook: 1}
    change_wallet(ports, farm.farm, ids.wallet, other, Speed.CAREFUL)
    assert _wanted(world, rig) == {ids.playbook: 2}


def test_a_change_sent_again_undoes_nothing_that_was_taken_back(
    world: World, farm: Farm, ids: Ids, rig: Sentry
) -> None:
    wish = draft(ids.pool, ids.wallet, script="y\n")
    change_playbook(world.ports, farm.farm, ids.playbook, wish, Speed.CAREFUL)
    wanted_on(world, rig, {ids.playbook: 1})
    change_playbook(world.ports, farm.farm, ids.playbook, wish, Speed.CAREFUL)
    spread_missed(world.ports, farm.farm, "again", {ids.playbook: 2}, Speed.CAREFUL)
    assert _wanted(world, rig) == {ids.playbook: 1}
    spread_versions(world.ports, farm.farm, "on purpose", {ids.playbook: 2}, Speed.CAREFUL)
    assert _wanted(world, rig) == {ids.playbook: 2}
