"""What an owner says of a machine: part by part, within limits, as text that can be seen."""

from __future__ import annotations

import pytest
from msgspec import UNSET, UnsetType

from cloud.domain import keys
from cloud.domain.permissions import Seat
from cloud.domain.records import Agent, Machine
from cloud.ports import StoreUnavailable
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.list_agents import list_agents
from cloud.usecases.publish_live import publish_live
from tests.fakes.reports import NOW, report
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.faults import Fault
from wire.live import Labels, MachineChange, MachinesChanged, Parked, ParkedFor, Parking
from wire.messages import AgentKind
from wire.people import Role

FULL = MachineChange("barn 7", "row 7", ("quiet", "new"), "Ann", Parking(ParkedFor.REPAIR, "fan"))
LABELS = Labels("row 7", ("quiet", "new"), "Ann", Parked(ParkedFor.REPAIR, NOW, "fan"))


def _machine(world: World, sentry: Sentry) -> Machine:
    return world.store.items[keys.machine(sentry.farm, sentry.machine)].read(Machine)


def _change(world: World, sentry: Sentry, change: MachineChange) -> Labels:
    change_machine(world.ports, sentry.farm, sentry.machine, change, ALL)
    return _machine(world, sentry).labels


def test_everything_at_once(world: World, sentry: Sentry) -> None:
    assert _change(world, sentry, FULL) == LABELS
    assert _machine(world, sentry).name == "barn 7"


def test_what_is_left_out_stays(world: World, sentry: Sentry) -> None:
    _change(world, sentry, FULL)
    world.clock.advance(100)
    assert _change(world, sentry, MachineChange()) == LABELS
    assert _change(world, sentry, MachineChange(place="row 8")).place == "row 8"
    assert _change(world, sentry, MachineChange(tags=())).tags == ()
    assert _change(world, sentry, MachineChange(client=None)).client is None
    labels = _change(world, sentry, MachineChange(parked=None))
    assert labels == Labels("row 8", (), None, None)
    assert _machine(world, sentry).name == "barn 7"


def test_empty_text_takes_a_label_away(world: World, sentry: Sentry) -> None:
    _change(world, sentry, FULL)
    labels = _change(world, sentry, MachineChange(place="  ", client=" ", tags=("", " ")))
    assert labels == Labels(parked=LABELS.parked)


def test_the_rest_of_the_machine_is_untouched(world: World, sentry: Sentry) -> None:
    before = _machine(world, sentry)
    _change(world, sentry, FULL)
    after = _machine(world, sentry)
    assert (after.machine, after.kind, after.agent, after.created_at) == (
        before.machine,
        before.kind,
        before.agent,
        before.created_at,
    )


def test_a_rig_and_its_sentry_have_one_name(world: World, sentry: Sentry) -> None:
    _change(world, sentry, MachineChange(name=" barn 7 "))
    assert _machine(world, sentry).name == world.agent(sentry).name == "barn 7"
    assert [row.name for row in list_agents(world.ports, sentry.farm).agents] == ["barn 7"]
    assert world.report(sentry, report(sentry.machine)).sequence == 1


def test_without_another_name_the_agent_is_not_written(world: World, sentry: Sentry) -> None:
    key = keys.agent(sentry.farm, sentry.agent)
    before = world.store.items[key]
    _change(world, sentry, MachineChange(name="rig-1", place="row 1"))
    assert world.store.items[key] == before


def test_a_machine_of_another_agent_does_not_rename_it(world: World, farm: Farm, sentry: Sentry) -> None:
    """As the ASICs of a LAN, whose agent is none of them."""
    edge = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC)
    key = keys.machine(farm.farm, sentry.machine)
    item = world.store.items[key]
    machine = item.read(Machine)
    changed = type(machine)("m9", "asic 9", AgentKind.ASIC, edge.agent.agent, NOW)
    place = keys.machine(farm.farm, "m9")
    world.store.items[place] = type(item).of(place, changed)
    change_machine(world.ports, farm.farm, "m9", MachineChange(name="asic 10"), ALL)
    assert world.store.items[place].read(Machine).name == "asic 10"
    agent = world.store.items[keys.agent(farm.farm, edge.agent.agent)].read(Agent)
    assert agent.name == "lan"


def test_a_machine_without_its_agent_is_renamed_alone(world: World, sentry: Sentry) -> None:
    del world.store.items[keys.agent(sentry.farm, sentry.agent)]
    change_machine(world.ports, sentry.farm, sentry.machine, MachineChange(name="orphan"), ALL)
    assert _machine(world, sentry).name == "orphan"


def test_each_tag_stands_once(world: World, sentry: Sentry) -> None:
    labels = _change(world, sentry, MachineChange(tags=("b", " a", "b ", "", "a")))
    assert labels.tags == ("b", "a")


def test_parking_remembers_since_when_and_is_taken_back(world: World, sentry: Sentry) -> None:
    world.clock.advance(10)
    parked = _change(world, sentry, MachineChange(parked=Parking(ParkedFor.SPARE))).parked
    assert parked == Parked(ParkedFor.SPARE, NOW + 10)
    world.clock.advance(10)
    assert _change(world, sentry, MachineChange(place="shelf")).parked == parked
    assert _change(world, sentry, MachineChange(parked=None)).parked is None
    world.clock.advance(10)
    again = _change(world, sentry, MachineChange(parked=Parking(ParkedFor.SOLD, " to Bob "))).parked
    assert again == Parked(ParkedFor.SOLD, NOW + 30, "to Bob")


def test_parked_anew_is_parked_from_now_on(world: World, sentry: Sentry) -> None:
    """So a page lets the question rest whether a machine that reports is back."""
    _change(world, sentry, MachineChange(parked=Parking(ParkedFor.REPAIR, "fan")))
    world.clock.advance(86_400)
    again = _change(world, sentry, MachineChange(parked=Parking(ParkedFor.REPAIR, "fan")))
    assert again.parked == Parked(ParkedFor.REPAIR, NOW + 86_400, "fan")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (MachineChange(name=""), "bad_name", "name"),
        (MachineChange(name="x" * 81), "bad_name", "name"),
        (MachineChange(name="a\u202eb"), "bad_name", "name"),
        (MachineChange(place="x" * 121), "bad_label", "place"),
        (MachineChange(place="\u3164"), "bad_label", "place"),
        (MachineChange(place="row\n7"), "bad_label", "place"),
        (MachineChange(tags=("x" * 41,)), "bad_label", "tags"),
        (MachineChange(tags=tuple(f"t{n}" for n in range(21))), "bad_label", "tags"),
        (MachineChange(tags=("ok", "\u200b")), "bad_label", "tags"),
        (MachineChange(client="x" * 81), "bad_label", "client"),
        (MachineChange(client="An\x00n"), "bad_label", "client"),
        (MachineChange(parked=Parking(ParkedFor.SOLD, "x" * 501)), "bad_label", "parked.note"),
        (MachineChange(parked=Parking(ParkedFor.SOLD, "\u2066")), "bad_label", "parked.note"),
    ],
)
def test_too_long_or_invisible_text_is_refused_with_its_field_and_nothing_changes(
    world: World, sentry: Sentry, change: MachineChange, code: str, field: str
) -> None:
    _change(world, sentry, FULL)
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        change_machine(world.ports, sentry.farm, sentry.machine, change, ALL)
    assert (caught.value.code, caught.value.status, caught.value.field) == (code, 422, field)
    assert world.store.items == before


@pytest.mark.parametrize("text", ["x" * 80, "<img src=x onerror=alert(1)>", "{{7*7}}", "Скважина 🐄", "नमस्ते"])
def test_letters_of_all_kinds_are_plain_text(world: World, sentry: Sentry, text: str) -> None:
    labels = _change(world, sentry, MachineChange(text, text, (text[:40],), text))
    assert labels == Labels(text, (text[:40].strip(),), text)
    assert _machine(world, sentry).name == text


def test_longest_labels_of_all_fit_together(world: World, sentry: Sentry) -> None:
    tags = tuple(f"{n:02}{'🐄' * 38}" for n in range(20))
    parking = Parking(ParkedFor.SOLD, "🐄" * 500)
    labels = _change(world, sentry, MachineChange("🐄" * 80, "🐄" * 120, tags, "🐄" * 80, parking))
    assert labels.tags == tags


@pytest.mark.parametrize("whose", ["unknown", "foreign", "deleted"])
def test_unknown_other_farms_and_deleted_machines_look_alike(
    world: World, sentry: Sentry, whose: str
) -> None:
    farm, machine = sentry.farm, sentry.machine
    if whose == "foreign":
        farm = world.farm("South", "south@example.test").farm
    elif whose == "deleted":
        delete_agent(world.ports, sentry.farm, sentry.agent)
    else:
        machine = "machine_x"
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        change_machine(world.ports, farm, machine, FULL, ALL)
    assert (caught.value.code, caught.value.status) == ("machine_unknown", 404)
    assert world.store.items == before


@pytest.mark.parametrize("change", [MachineChange(place="row 8"), MachineChange(name="barn 8")])
def test_a_change_at_the_same_moment_is_not_overwritten(
    world: World, sentry: Sentry, change: MachineChange
) -> None:
    world.store.interruptions = [
        lambda: change_machine(world.ports, sentry.farm, sentry.machine, MachineChange(client="Bob"), ALL)
    ]
    with pytest.raises(Fault) as caught:
        change_machine(world.ports, sentry.farm, sentry.machine, change, ALL)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert (_machine(world, sentry).labels, _machine(world, sentry).name) == (Labels(client="Bob"), "rig-1")


def test_renamed_and_enrolled_at_the_same_moment_loses_neither(world: World, sentry: Sentry) -> None:
    world.store.interruptions = [lambda: world.enrol(sentry)]
    with pytest.raises(Fault, match="meanwhile"):
        change_machine(world.ports, sentry.farm, sentry.machine, MachineChange(name="barn 8"), ALL)
    change_machine(world.ports, sentry.farm, sentry.machine, MachineChange(name="barn 8"), ALL)
    assert (world.agent(sentry).name, world.agent(sentry).epoch) == ("barn 8", 1)


@pytest.mark.parametrize("failing_call", range(3))
def test_cut_short_nothing_is_half_renamed(world: World, sentry: Sentry, failing_call: int) -> None:
    before = dict(world.store.items)
    world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        change_machine(world.ports, sentry.farm, sentry.machine, FULL, ALL)
    assert world.store.items == before


def test_pages_are_told(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    world.store.changes.clear()
    change_machine(world.ports, farm.farm, sentry.machine, MachineChange(place="row 8"), ALL)
    publish_live(world.ports, world.store.changes)
    assert world.sockets.read("c1") == [MachinesChanged(NOW)]


def test_nothing_is_unset_by_accident() -> None:
    unset = MachineChange()
    assert (unset.name, unset.place, unset.tags, unset.client, unset.parked) == (UNSET,) * 5


ANN = Seat(Role.OPERATOR, frozenset({"Ann", "Eve"}))


@pytest.mark.parametrize("client", ["Eve", " Ann ", UNSET])
def test_an_operator_of_some_clients_changes_their_machines(
    world: World, sentry: Sentry, client: str | UnsetType
) -> None:
    _change(world, sentry, MachineChange(client="Ann"))
    change = MachineChange(place="row 9", client=client)
    change_machine(world.ports, sentry.farm, sentry.machine, change, ANN)
    changed = _machine(world, sentry)
    assert changed.labels == Labels("row 9", client="Ann" if client is UNSET else client.strip())
    assert changed.client_before == "Ann"


@pytest.mark.parametrize("client", ["Bob", "ann", "", None])
def test_who_sees_some_clients_gives_no_machine_away(
    world: World, sentry: Sentry, client: str | None
) -> None:
    _change(world, sentry, MachineChange(client="Ann"))
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        change_machine(world.ports, sentry.farm, sentry.machine, MachineChange(client=client), ANN)
    assert (caught.value.code, caught.value.status) == ("not_allowed", 403)
    assert world.store.items == before


@pytest.mark.parametrize("client", ["Bob", None])
def test_machine_that_became_anothers_meanwhile_is_not_changed(
    world: World, sentry: Sentry, client: str | None
) -> None:
    """Even into one of theirs."""
    _change(world, sentry, MachineChange(client=client))
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        change_machine(world.ports, sentry.farm, sentry.machine, MachineChange(client="Ann"), ANN)
    assert (caught.value.code, caught.value.status) == ("machine_unknown", 404)
    assert world.store.items == before
