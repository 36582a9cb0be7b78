"""The edge of simulated ASICs from start to start: kept while it fits, erased as soon as it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.gateway import first_steps, simulated_asics
from cloud.gateway.children import ChildError, Children
from cloud.gateway.folder import Folder
from cloud.gateway.simulated_asics import Hall, KeptEdge
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.list_agents import list_agents
from cloud.usecases.list_bin import list_bin
from cloud.usecases.register_roster import register_roster
from tests.fakes.reports import NOW, enrolment
from tests.fakes.world import World
from wire.edge import RosterBatch, RosterEntry, RosterTelling
from wire.messages import AgentKind

MODELS = ["antminer", "whatsminer"]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    held = Folder(tmp_path)
    yield held
    held.release()


@pytest.fixture
def farm(world: World, folder: Folder) -> str:
    farm = first_steps.first_account(world.ports, folder)[0]
    assert farm is not None
    return farm


def _hall(count: int, models: list[str] = MODELS, net: int = 20) -> Hall:
    return Hall(models, [f"127.{net}.0.{number}" for number in range(1, count + 1)])


@pytest.fixture
def kept(world: World, folder: Folder, farm: str) -> KeptEdge:
    """As after a start with three ASICs."""
    kept = KeptEdge(simulated_asics.new_edge(world.ports, folder, farm), _hall(3))
    folder.write("simulated-asics.json", kept)
    folder.asic_edge.mkdir()
    return kept


def _edges(world: World, farm: str) -> list[str]:
    rows = list_agents(world.ports, farm).agents
    return [row.agent for row in rows if row.simulated and row.kind is AgentKind.ASIC]


@pytest.mark.parametrize("count", [3, 5])
def test_it_is_kept_for_as_many_and_for_more(
    world: World, folder: Folder, kept: KeptEdge, count: int
) -> None:
    assert simulated_asics.kept_edge(world.ports, folder, _hall(count)) == kept


@pytest.mark.parametrize("hall", [_hall(2), _hall(3, ["whatsminer"]), _hall(3, net=21)])
def test_it_is_not_kept_for_others(world: World, folder: Folder, kept: KeptEdge, hall: Hall) -> None:
    assert kept.hall != hall
    assert simulated_asics.kept_edge(world.ports, folder, hall) is None


def test_it_is_not_kept_when_it_was_deleted_in_the_dashboard(
    world: World, folder: Folder, farm: str, kept: KeptEdge
) -> None:
    delete_agent(world.ports, farm, kept.edge.agent)
    assert simulated_asics.kept_edge(world.ports, folder, kept.hall) is None


def test_a_new_one_takes_the_place_of_all_former_ones(
    world: World, folder: Folder, farm: str, kept: KeptEdge
) -> None:
    """Also of one that no file names: that start was cut short."""
    create_agent(world.ports, farm, "cut short", AgentKind.ASIC, simulated=True)
    new = simulated_asics.new_edge(world.ports, folder, farm)
    assert _edges(world, farm) == [new.agent]
    assert new.agent != kept.edge.agent
    assert not folder.asic_edge.exists()


def test_nothing_is_left_of_a_forgotten_one_and_other_agents_stay(
    world: World, folder: Folder, farm: str, kept: KeptEdge
) -> None:
    real = create_agent(world.ports, farm, "hall 1", AgentKind.ASIC).agent
    path = first_steps.simulated_rigs(world.ports, folder, farm, 1)
    simulated_asics.forget(world.ports, folder, farm)
    rows = list_agents(world.ports, farm).agents
    assert {row.name for row in rows} == {real.name, "sim-001"}
    assert kept.edge.agent not in {row.agent for row in rows}
    assert list_bin(world.ports, farm).binned == []
    assert not folder.asic_edge.exists()
    assert path is not None
    assert {each.name for each in folder.path.glob("simulated*")} == {path.name}


def test_its_machines_are_forgotten_with_it(world: World, folder: Folder, farm: str, kept: KeptEdge) -> None:
    """Those that lie in the bin already too."""
    before = set(world.store.items)
    principal = authorise_agent(world.ports, f"Bearer {kept.edge.token}")
    enrol_agent(world.ports, principal, enrolment(AgentKind.ASIC))
    told = tuple(RosterEntry(number, NOW, f"asic {number}", f"02:A5:00:00:00:0{number}") for number in (1, 2))
    register_roster(world.ports, principal, RosterTelling(1, (RosterBatch(0, told),)))
    assert world.kinds().count("machine") == 2
    register_roster(world.ports, principal, RosterTelling(1, (RosterBatch(0, told[:1]),)))
    simulated_asics.forget(world.ports, folder, farm)
    assert set(world.store.items) - before == set()


def test_simulated_rigs_leave_it_alone(world: World, folder: Folder, farm: str, kept: KeptEdge) -> None:
    first_steps.simulated_rigs(world.ports, folder, farm, 2)
    first_steps.simulated_rigs(world.ports, folder, farm, 0)
    assert _edges(world, farm) == [kept.edge.agent]


def test_a_hall_that_cannot_be_had_says_why(tmp_path: Path) -> None:
    running = Children(tmp_path / "agents.log")
    try:
        with pytest.raises(ChildError, match=r"is no address of this computer|may not listen"):
            simulated_asics.run_hall(running, tmp_path / "hall.log", 1, "192.0.2.1")
    finally:
        running.stop()
