"""All that is known of one machine."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain.permissions import Seat
from cloud.usecases.change_machine import change_machine
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.list_machines import list_machines
from cloud.usecases.show_machine import show_machine
from tests.fakes.reports import NOW, SPECS, Columns, report
from tests.fakes.world import ALL, Sentry, World
from wire.faults import Fault
from wire.live import Labels, LiveColumns, MachineChange, MachineView
from wire.messages import AgentKind, Mining, Program, Unread
from wire.people import Role


def test_machine_that_has_reported(world: World, sentry: Sentry) -> None:
    gap = Unread("cpu_temperature_c", "no sensor")
    sent = report(sentry.machine, specs=SPECS, unread=[gap], mining=[Mining("RandomX", 9.5)])
    world.report(sentry, replace(sent, dropped=3, clock_off_s=-1.5))
    columns = LiveColumns(
        machine=[sentry.machine],
        received_at=[NOW],
        sampled_at=[NOW],
        late_at=[NOW + 90],
        offline_at=[NOW + 150],
        stopped=[False],
        interval_s=[60],
        mining=[(Mining("RandomX", 9.5),)],
        values={"cpu_load_pct": [10.0]},
    )
    assert show_machine(world.ports, sentry.farm, sentry.machine, ALL) == MachineView(
        NOW, "rig-1", AgentKind.CPU_GPU, False, Labels(), sentry.agent, SPECS, (gap,), 3, -1.5, columns, {}
    )


def test_machine_that_never_reported(world: World, sentry: Sentry) -> None:
    never: list[float | None] = [None]
    columns = LiveColumns([sentry.machine], never, never, never, never, [False], never, [()], {})
    assert show_machine(world.ports, sentry.farm, sentry.machine, ALL) == MachineView(
        NOW, "rig-1", AgentKind.CPU_GPU, False, Labels(), sentry.agent, None, (), 0, None, columns, {}
    )


def _is_unknown(world: World, farm: str, machine: str) -> bool:
    with pytest.raises(Fault) as caught:
        show_machine(world.ports, farm, machine, ALL)
    return (caught.value.code, caught.value.status) == ("machine_unknown", 404)


def test_unknown_other_farms_and_deleted_machines_look_alike(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, specs=SPECS))
    other = world.farm("South", "south@example.test")
    assert _is_unknown(world, sentry.farm, "machine_x")
    assert _is_unknown(world, other.farm, sentry.machine)
    delete_agent(world.ports, sentry.farm, sentry.agent)
    assert _is_unknown(world, sentry.farm, sentry.machine)


def test_labels_are_shown(world: World, sentry: Sentry) -> None:
    change_machine(world.ports, sentry.farm, sentry.machine, MachineChange(place="row 7", client="Ann"), ALL)
    view = show_machine(world.ports, sentry.farm, sentry.machine, ALL)
    assert view.labels == Labels("row 7", (), "Ann", None)


def test_all_is_read_in_four_calls(world: World, sentry: Sentry) -> None:
    world.store.calls.clear()
    show_machine(world.ports, sentry.farm, sentry.machine, ALL)
    assert world.store.verbs == ["get_many", "get", "get", "get"]


def test_what_could_not_be_read_stands_until_something_else_is_told(world: World, sentry: Sentry) -> None:
    gap = Unread("cpu_temperature_c", "no sensor")
    for sequence, (told, shown) in enumerate([([gap], (gap,)), (None, (gap,)), ([], ())]):
        world.report(sentry, report(sentry.machine, sequence=sequence, unread=told))
        assert show_machine(world.ports, sentry.farm, sentry.machine, ALL).unread == shown


def test_figures_of_parts_and_programs_are_shown_and_the_list_shows_only_the_machines(
    world: World, sentry: Sentry
) -> None:
    series: Columns = {
        "cpu_load_pct": [5.0, 6.0],
        "gpu_power_w@gpu-1": [99.0, 100.5],
        "hashrate@kawpow": [1.0, None],
    }
    program = Program("p", "trex", "running", running_s=60.0, accepted=7)
    sent = report(sentry.machine, [NOW - 10, NOW], series)
    part = replace(sent.machines[0], programs=(program,))
    world.report(sentry, replace(sent, machines=(part,)))
    view = show_machine(world.ports, sentry.farm, sentry.machine, ALL)
    assert view.values == {"gpu_power_w@gpu-1": 100.5, "hashrate@kawpow": None}
    assert view.programs == (program,)
    assert view.live.values == {"cpu_load_pct": [6.0]}
    assert list_machines(world.ports, sentry.farm, None, 10, ALL).live == view.live


def test_a_seat_of_some_clients_is_shown_nothing_of_agents_and_network(world: World, sentry: Sentry) -> None:
    specs = replace(SPECS, addresses=("10.1.2.3",), hardware=("02:00:00:00:00:01",), agent_version="1.2.3")
    gaps = [Unread("addresses", "10.1.2.4 is no address"), Unread("cpu_temperature_c", "no sensor")]
    world.report(sentry, report(sentry.machine, specs=specs, unread=gaps))
    whole = show_machine(world.ports, sentry.farm, sentry.machine, Seat(Role.VIEWER))
    assert whole == show_machine(world.ports, sentry.farm, sentry.machine, ALL)
    assert (whole.agent, whole.specs, whole.unread) == (sentry.agent, specs, tuple(gaps))
    limited = show_machine(world.ports, sentry.farm, sentry.machine, Seat(Role.OPERATOR, frozenset({"Ann"})))
    assert limited == replace(whole, agent="", specs=SPECS, unread=(gaps[1],))
