"""The machines of a farm, page by page."""

from __future__ import annotations

import pytest

from cloud.domain.permissions import Seat
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.list_machines import PAGE_MAX, list_machines
from tests.fakes.reports import NOW, report
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.faults import Fault
from wire.live import Labels, LiveColumns, MachineChange, MachinePage, Parked, ParkedFor, Parking
from wire.messages import AgentKind, Mining
from wire.people import Role


def test_farm_without_machines(world: World, farm: Farm) -> None:
    create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC)
    empty = LiveColumns([], [], [], [], [], [], [], [], {})
    assert list_machines(world.ports, farm.farm, None, 500, ALL) == MachinePage(
        NOW, [], [], [], [], [], [], empty, None
    )


def test_page_has_every_column_of_every_machine(world: World, farm: Farm) -> None:
    one, two = world.sentry(farm, "one"), world.sentry(farm, "two")
    mining = [Mining("RandomX", 9000.5, "H/s", "XMR"), Mining("Equihash", None, "Sol/s")]
    sent = report(two.machine, [NOW - 5], {"uptime_s": [7.0]}, goodbye=True, mining=mining)
    world.report(two, sent)
    change = MachineChange(place="row 7", tags=("quiet",), client="Ann", parked=Parking(ParkedFor.SPARE))
    change_machine(world.ports, farm.farm, one.machine, change, ALL)
    world.clock.advance(3)
    live = LiveColumns(
        machine=[one.machine, two.machine],
        received_at=[None, NOW],
        sampled_at=[None, NOW - 5],
        late_at=[None, NOW + 90],
        offline_at=[None, NOW + 150],
        stopped=[False, True],
        interval_s=[None, 60],
        mining=[(), tuple(mining)],
        values={"uptime_s": [None, 7.0]},
    )
    kinds = [AgentKind.CPU_GPU] * 2
    labels = [Labels("row 7", ("quiet",), "Ann", Parked(ParkedFor.SPARE, NOW)), Labels()]
    agents: list[str | None] = [one.agent, two.agent]
    expected = MachinePage(
        NOW + 3, ["one", "two"], kinds, agents, [None, None], [False, False], labels, live, None
    )
    assert list_machines(world.ports, farm.farm, None, 500, ALL) == expected


def _pages(world: World, farm: Farm, limit: int) -> list[MachinePage]:
    pages = [list_machines(world.ports, farm.farm, None, limit, ALL)]
    while (after := pages[-1].next) is not None:
        pages.append(list_machines(world.ports, farm.farm, after, limit, ALL))
    return pages


def _fill(world: World, farm: Farm, count: int) -> list[str]:
    return sorted(world.sentry(farm, f"rig-{number}").machine for number in range(count))


@pytest.mark.parametrize(
    ("limit", "sizes"), [(500, [500, 500, 200]), (400, [400] * 3), (9999, [500, 500, 200])]
)
def test_each_of_1200_machines_is_listed_exactly_once(
    world: World, farm: Farm, limit: int, sizes: list[int]
) -> None:
    machines = _fill(world, farm, 1200)
    _fill(world, world.farm("South", "south@example.test"), 3)
    pages = _pages(world, farm, limit)
    assert [machine for page in pages for machine in page.live.machine] == machines
    assert [len(page.name) for page in pages] == sizes
    assert PAGE_MAX == 500


def test_short_pages_of_the_store_lose_nothing() -> None:
    world = World(page_max=7)
    farm = world.farm()
    machines = _fill(world, farm, 30)
    assert [machine for page in _pages(world, farm, 10) for machine in page.live.machine] == machines


def test_paging_goes_on_after_a_machine_that_was_deleted_meanwhile(world: World, farm: Farm) -> None:
    sentries = [world.sentry(farm, f"rig-{number}") for number in range(4)]
    first = list_machines(world.ports, farm.farm, None, 2, ALL)
    delete_agent(world.ports, farm.farm, sentries[1].agent)
    second = list_machines(world.ports, farm.farm, first.next, 2, ALL)
    assert second.live.machine == [sentries[2].machine, sentries[3].machine]


@pytest.mark.parametrize("after", ["", "~", "agent#x", "machine#~", "\x00", "é", "x" * 5000])
def test_made_up_place_to_go_on_from_is_refused(world: World, sentry: Sentry, after: str) -> None:
    with pytest.raises(Fault) as caught:
        list_machines(world.ports, sentry.farm, after, 10, ALL)
    assert (caught.value.code, caught.value.status) == ("bad_after", 422)


def test_page_costs_four_calls(world: World, farm: Farm) -> None:
    _fill(world, farm, 20)
    world.store.calls.clear()
    list_machines(world.ports, farm.farm, None, 500, ALL)
    assert world.store.verbs == ["query", "get_many", "get", "get"]


def _seat(*clients: str) -> Seat:
    return Seat(Role.OPERATOR, frozenset(clients))


def _of_clients(world: World, farm: Farm, *clients: str | None) -> dict[str | None, list[str]]:
    """Machines of these clients, one after the other in order of id; by client."""
    machines: dict[str | None, list[str]] = {client: [] for client in clients}
    for number, client in enumerate(clients):
        machine = world.sentry(farm, f"rig-{number}").machine
        change_machine(world.ports, farm.farm, machine, MachineChange(client=client), ALL)
        machines[client].append(machine)
    return machines


@pytest.mark.parametrize("page_max", [2, 1000])
@pytest.mark.parametrize("limit", [1, 3, 4, 500])
def test_a_limited_seat_sees_its_clients_machines_and_nothing_of_the_others(
    limit: int, page_max: int
) -> None:
    world = World(page_max=page_max)
    farm = world.farm()
    machines = _of_clients(world, farm, *["Bob", "Ann", None, "Ann", "Bob", "Cid"] * 3, "Bob", None)
    for clients in (("Ann",), ("Ann", "Cid"), ("Eve",), ()):
        expected = sorted(machine for client in clients for machine in machines.get(client, []))
        pages = [list_machines(world.ports, farm.farm, None, limit, _seat(*clients))]
        while (after := pages[-1].next) is not None:
            pages.append(list_machines(world.ports, farm.farm, after, limit, _seat(*clients)))
        assert {agent for page in pages for agent in page.agent} <= {None}
        assert [machine for page in pages for machine in page.live.machine] == expected
        # As many pages, as full, as if the others were not there; the next one begins after an own machine.
        full, rest = divmod(len(expected), limit)
        assert [len(page.name) for page in pages] == [limit] * full + [rest] * bool(rest) or [0]
        assert {page.next for page in pages} - {None} <= {f"machine#{machine}" for machine in expected}


def test_seat_of_the_whole_farm_sees_every_machine(world: World, farm: Farm) -> None:
    _of_clients(world, farm, "Ann", None)
    everything = list_machines(world.ports, farm.farm, None, 500, ALL)
    assert list_machines(world.ports, farm.farm, None, 500, Seat(Role.VIEWER)) == everything
    assert len(everything.name) == 2


def test_few_machines_among_many_cost_one_reading_of_the_farm(world: World, farm: Farm) -> None:
    _fill(world, farm, 1200)
    (machine,) = _of_clients(world, farm, "Ann")["Ann"]
    world.store.calls.clear()
    page = list_machines(world.ports, farm.farm, None, 500, _seat("Ann"))
    assert (page.live.machine, page.next) == ([machine], None)
    assert world.store.verbs == ["query", "query", "get_many", "get", "get"]
