"""What pages are sent: one merged delta per farm, to that farm's pages, and nothing when nobody looks."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.packing import pack
from cloud.domain.records import Latest, Mined
from cloud.ports import Change, Item
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.publish_live import MACHINES_PER_DELTA, publish_live
from cloud.usecases.restore_agent import restore_agent
from tests.fakes.people import member
from tests.fakes.reports import NOW, block, report
from tests.fakes.store import Call
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.live import Delta, LiveColumns, MachineChange, MachinesChanged
from wire.messages import AgentKind
from wire.metrics import METRICS, Of

SOCKET_MESSAGE_BYTES = 32 * 1024
OWN = [metric for metric in METRICS if metric.of is Of.MACHINE]


def latest_change(
    farm: str, machine: str, value: float = 1.0, *, revision: int = 1, removed: bool = False
) -> Change:
    record = Latest(machine, NOW, NOW, 60, {1: value}, pack(block()))
    return Change(Item.of(keys.latest(farm, machine), record, revision=revision, watched=True), removed)


def _delta_of(machines: list[str], values: list[float]) -> Delta:
    count = len(machines)
    live = LiveColumns(
        machine=machines,
        received_at=[NOW] * count,
        sampled_at=[NOW] * count,
        late_at=[NOW + 90] * count,
        offline_at=[NOW + 150] * count,
        stopped=[False] * count,
        interval_s=[60] * count,
        mining=[()] * count,
        values={"cpu_load_pct": list(values)},
    )
    return Delta(NOW, live)


def test_nobody_watching_costs_one_query_and_sends_nothing(world: World, farm: Farm) -> None:
    world.store.calls.clear()
    publish_live(world.ports, [latest_change(farm.farm, f"m{number}") for number in range(50)])
    pk = keys.connections_pk(farm.farm)
    assert world.store.calls == [Call("query", (pk, "connection#", "connection#~"))]
    assert world.sockets.sent == {}


def test_no_changes_cost_nothing(world: World) -> None:
    publish_live(world.ports, [])
    assert world.store.calls == []


def test_last_change_of_a_machine_wins_and_each_page_gets_one_delta(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.watch(farm, "c2")
    changes = [("m1", 1.0), ("m2", 5.0), ("m1", 2.0), ("m1", 3.0)]
    publish_live(world.ports, [latest_change(farm.farm, machine, value) for machine, value in changes])
    expected = [_delta_of(["m1", "m2"], [3.0, 5.0])]
    assert world.sockets.read("c1") == world.sockets.read("c2") == expected


def test_farms_get_their_own_machines_only(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    silent = world.farm("West", "west@example.test")
    world.watch(farm, "north")
    world.watch(south, "south")
    farms = (farm.farm, south.farm, silent.farm)
    publish_live(world.ports, [latest_change(of, f"of-{of}") for of in farms])
    assert world.sockets.read("north") == [_delta_of([f"of-{farm.farm}"], [1.0])]
    assert world.sockets.read("south") == [_delta_of([f"of-{south.farm}"], [1.0])]
    assert set(world.sockets.sent) == {"north", "south"}


def test_gone_connection_is_forgotten_and_the_others_served(world: World, farm: Farm) -> None:
    for connection in ("c1", "c2", "c3"):
        world.watch(farm, connection)
    world.sockets.gone = {"c2"}
    publish_live(world.ports, [latest_change(farm.farm, "m1")])
    assert set(world.sockets.sent) == {"c1", "c3"}
    left = [key.sk for key in sorted(world.store.items) if key.pk == keys.connections_pk(farm.farm)]
    assert left == ["connection#c1", "connection#c3"]
    assert keys.connection("c2") not in world.store.items


def test_gone_connection_is_tried_and_forgotten_once_only(world: World, farm: Farm) -> None:
    for connection in ("c1", "c2"):
        world.watch(farm, connection)
    world.sockets.gone = {"c1"}
    world.store.calls.clear()
    publish_live(world.ports, [latest_change(farm.farm, f"m{number}") for number in range(200)])
    assert sorted(world.store.verbs) == ["commit", "get", "query"]  # who looks, the pace, and who is gone
    assert len(world.sockets.sent["c2"]) == 4


def test_lapsed_connection_is_not_written_to(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.clock.advance(90)
    publish_live(world.ports, [latest_change(farm.farm, "m1")])
    assert world.sockets.sent == {}


def test_more_machines_than_one_message_holds_are_split(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    machines = [f"machine_{number:03d}" for number in range(250)]
    publish_live(world.ports, [latest_change(farm.farm, machine) for machine in machines])
    parts = [message.live.machine for message in world.sockets.read("c1") if isinstance(message, Delta)]
    assert [len(part) for part in parts] == [64, 64, 64, 58]
    assert [machine for part in parts for machine in part] == machines


def test_machines_with_every_metric_and_long_figures_fit_one_socket_message(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    long_time, long_value = NOW + 0.1234567, 33.333333333333336
    changes = []
    mined = (Mined("randomx", long_value, "H/s", "XMR"),)
    for number in range(MACHINES_PER_DELTA):
        machine = f"machine_{number:016d}"
        values: dict[int, float | None] = {metric.code: long_value for metric in OWN}
        record = Latest(machine, long_time, long_time, 60, values, b"", mining=mined)
        changes.append(Change(Item.of(keys.latest(farm.farm, machine), record, watched=True)))
    publish_live(world.ports, changes)
    (message,) = world.sockets.sent["c1"]
    assert len(message) <= SOCKET_MESSAGE_BYTES


def test_new_machine_asks_pages_to_list_again(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    create_agent(world.ports, farm.farm, "new", AgentKind.CPU_GPU)
    publish_live(world.ports, world.store.changes)
    assert world.sockets.read("c1") == [MachinesChanged(NOW)]


def test_deleted_machine_asks_pages_to_list_again(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    world.report(sentry, report(sentry.machine))
    world.store.changes.clear()
    delete_agent(world.ports, farm.farm, sentry.agent)
    publish_live(world.ports, world.store.changes)
    assert world.sockets.read("c1") == [MachinesChanged(NOW)]


def test_many_changed_machines_are_told_of_once_and_first(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    for number in range(5):
        create_agent(world.ports, farm.farm, f"rig-{number}", AgentKind.CPU_GPU)
    publish_live(world.ports, [latest_change(farm.farm, "m1"), *world.store.changes])
    assert world.sockets.read("c1") == [MachinesChanged(NOW), _delta_of(["m1"], [1.0])]


def test_machine_that_reports_and_is_then_deleted_is_in_no_delta(
    world: World, farm: Farm, sentry: Sentry
) -> None:
    world.watch(farm, "c1")
    world.store.changes.clear()
    world.report(sentry, report(sentry.machine))
    delete_agent(world.ports, farm.farm, sentry.agent)
    publish_live(world.ports, world.store.changes)
    assert world.sockets.read("c1") == [MachinesChanged(NOW)]


def test_watched_report_arrives_as_it_was_sent(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    world.store.changes.clear()
    world.report(sentry, report(sentry.machine, [NOW], {"cpu_load_pct": [42.0]}))
    publish_live(world.ports, world.store.changes)
    assert world.sockets.read("c1") == [_delta_of([sentry.machine], [42.0])]


def test_short_pages_of_the_store_forget_no_watcher() -> None:
    """A page of the port may be short, even empty, although more connections follow."""
    world = World(page_max=2)
    farm = world.farm()
    connections = {f"c{number}" for number in range(5)}
    for connection in connections:
        world.watch(farm, connection)
    publish_live(world.ports, [latest_change(farm.farm, "m1")])
    assert set(world.sockets.sent) == connections


def _of_client(world: World, farm: Farm, client: str | None, count: int) -> list[Sentry]:
    sentries = [world.sentry(farm, f"{client}-{number}") for number in range(count)]
    for sentry in sentries:
        change_machine(world.ports, farm.farm, sentry.machine, MachineChange(client=client), ALL)
    world.store.changes.clear()
    return sentries


def test_each_page_gets_the_machines_of_its_clients_in_one_delta(world: World, farm: Farm) -> None:
    ann, bob, own = (_of_client(world, farm, client, 2) for client in ("Ann", "Bob", None))
    limits = {"ann": ("Ann",), "ann too": ("Ann",), "both": ("Ann", "Bob"), "none": (), "eve": ("Eve",)}
    for name, clients in limits.items():
        world.watch(member(world, farm, f"{name.replace(' ', '-')}@example.test", clients=clients), name)
    world.watch(farm, "all")
    for sentry in (*ann, *bob, *own):
        world.report(sentry, report(sentry.machine))
    world.store.calls.clear()
    publish_live(world.ports, world.store.changes)
    machines = {
        name: [message.live.machine for message in world.sockets.read(name) if isinstance(message, Delta)]
        for name in (*limits, "all")
    }
    of_ann, of_bob, of_farm = ([sentry.machine for sentry in of] for of in (ann, bob, own))
    assert machines == {
        "ann": [of_ann],
        "ann too": [of_ann],
        "both": [of_ann + of_bob],
        "none": [],
        "eve": [],
        "all": [of_ann + of_bob + of_farm],
    }
    assert set(world.sockets.sent) == {"ann", "ann too", "both", "all"}
    assert world.store.verbs == ["query", "get_many", "get"]


def test_a_machine_of_no_client_or_gone_goes_to_no_limited_page(world: World, farm: Farm) -> None:
    (gone,) = _of_client(world, farm, "Ann", 1)
    delete_agent(world.ports, farm.farm, gone.agent)
    world.watch(member(world, farm, "ann@example.test", clients=("Ann",)), "ann")
    publish_live(world.ports, [latest_change(farm.farm, machine) for machine in (gone.machine, "m1")])
    assert world.sockets.sent == {}


def test_a_limited_page_hears_of_changes_of_its_own_machines_alone(world: World, farm: Farm) -> None:
    (ann,), (bob,) = _of_client(world, farm, "Ann", 1), _of_client(world, farm, "Bob", 1)
    world.watch(member(world, farm, "ann@example.test", clients=("Ann",)), "ann")

    def heard() -> bool:
        publish_live(world.ports, world.store.changes)
        world.store.changes.clear()
        return world.sockets.sent.pop("ann", []) != []

    change_machine(world.ports, farm.farm, bob.machine, MachineChange(name="barn 8"), ALL)
    assert not heard()
    change_machine(world.ports, farm.farm, ann.machine, MachineChange(name="barn 7"), ALL)
    assert heard()
    change_machine(world.ports, farm.farm, ann.machine, MachineChange(client="Bob"), ALL)
    assert heard()  # it is gone from their list
    change_machine(world.ports, farm.farm, ann.machine, MachineChange(place="row 7"), ALL)
    assert not heard()
    change_machine(world.ports, farm.farm, bob.machine, MachineChange(client="Ann"), ALL)
    assert heard()
    delete_agent(world.ports, farm.farm, ann.agent)
    assert not heard()
    delete_agent(world.ports, farm.farm, bob.agent)
    assert heard()


def test_who_had_a_machine_before_hears_no_more_of_it_once_it_is_gone(world: World, farm: Farm) -> None:
    (moved,) = _of_client(world, farm, "Ann", 1)
    world.watch(member(world, farm, "ann@example.test", clients=("Ann",)), "ann")
    change_machine(world.ports, farm.farm, moved.machine, MachineChange(client="Bob"), ALL)
    world.store.changes.clear()
    delete_agent(world.ports, farm.farm, moved.agent)
    restore_agent(world.ports, farm.farm, moved.agent)
    assert [change.removed for change in world.store.changes if change.item.kind == "machine"] == [
        True,
        False,
    ]
    for change in world.store.changes:
        publish_live(world.ports, [change])
    assert world.sockets.sent == {}
