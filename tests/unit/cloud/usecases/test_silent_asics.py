"""ASICs that give their edge no answer: events, charts, and what is folded for good."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.policy import DAY_S
from cloud.domain.records import Rollup, Standing
from cloud.usecases.change_machine import change_machine
from cloud.usecases.complete_history import ASICS_AFTER_S, complete_history
from cloud.usecases.note_silence import standings
from cloud.usecases.show_history import SPANS, show_history
from tests.fakes.asic_reports import Shed, hand_over, shed, silent_for
from tests.fakes.reports import NOW, block
from tests.fakes.world import ALL, Farm, World
from tests.unit.cloud.usecases.life import HOUR
from tests.unit.cloud.usecases.silences import OFFLINE, ONLINE, PARKED, STOPPED, note, silent
from wire.edge import NoReply
from wire.live import MachineEvent, Transition
from wire.messages import Block

POWER = "power_w"
Told = list[tuple[float, Transition | None, str]]


@pytest.fixture
def edge(world: World, farm: Farm) -> Shed:
    return shed(world, farm.farm, 1, 2)


def _round(
    edge: Shed, silence: NoReply | None = None, *, goodbye: bool = False, blocks: Block | None = None
) -> None:
    """A minute later, a report in which the second machine always answers; then the sweep."""
    world = edge.world
    world.clock.advance(60)
    one = edge.part(1, world.clock.now, silence=silence, blocks=(blocks,) if blocks else ())
    edge.tell(edge.told(one, edge.part(2, world.clock.now), goodbye=goodbye))
    note(world, edge.farm, times=2)


def _told(edge: Shed, number: int = 1) -> Told:
    events: list[MachineEvent] = edge.world.events(edge.farm, edge.machines[number])
    return [(event.at, event.state, event.reason) for event in events]


def test_a_silence_of_two_rounds_is_one_event_with_its_reason_and_a_return_another(edge: Shed) -> None:
    _round(edge)
    for rounds in (1, 2, 3, 4):
        _round(edge, silent_for(rounds, since=NOW + 120))
        assert _told(edge) == ([] if rounds == 1 else [(NOW + 180, OFFLINE, "refuses connections")])
    assert silent(edge.world, edge.farm) == {edge.machines[1]}
    _round(edge)
    assert _told(edge)[1:] == [(NOW + 360, ONLINE, "")]
    assert (silent(edge.world, edge.farm), _told(edge, 2)) == (set(), [])


def test_one_unanswered_round_is_no_event_and_no_return(edge: Shed) -> None:
    _round(edge)
    edge.world.clock.advance(1000)
    note(edge.world, edge.farm)
    for rounds in (1, 2):
        _round(edge, silent_for(rounds, since=NOW + 1120))
    assert [state for _, state, _ in _told(edge)] == [OFFLINE]
    assert [state for _, state, _ in _told(edge, 2)] == [OFFLINE, ONLINE]


def test_an_edge_that_starts_again_does_not_tell_of_the_same_silence_twice(edge: Shed) -> None:
    _round(edge, silent_for(2, since=NOW))
    _round(edge, silent_for(1, since=NOW + 120, reason="gave no answer"))
    _round(edge, silent_for(2, since=NOW + 120, reason="gave no answer"))
    assert [state for _, state, _ in _told(edge)] == [OFFLINE]


def test_goodbye_stops_those_that_answered(edge: Shed) -> None:
    _round(edge, silent_for(2, since=NOW))
    _round(edge, silent_for(3, since=NOW), goodbye=True)
    assert [state for _, state, _ in _told(edge)] == [OFFLINE]
    assert [state for _, state, _ in _told(edge, 2)] == [STOPPED]


@pytest.mark.parametrize("since", [0.0, NOW + 5000])
def test_a_silence_whose_time_cannot_be_true_is_of_its_report(edge: Shed, since: float) -> None:
    _round(edge, silent_for(2, since=since))
    assert _told(edge) == [(NOW + 60, OFFLINE, "refuses connections")]


def test_a_parked_asic_makes_no_events(edge: Shed) -> None:
    change_machine(edge.world.ports, edge.farm, edge.machines[1], PARKED, ALL)
    _round(edge, silent_for(2, since=NOW))
    assert silent(edge.world, edge.farm) == {edge.machines[1]}
    _round(edge)
    assert (_told(edge), silent(edge.world, edge.farm)) == ([], set())


def test_another_edge_that_reads_it_brings_it_back(edge: Shed) -> None:
    other = shed(edge.world, edge.farm, name="barn")
    _round(edge, silent_for(2, since=NOW))
    hand_over(edge.machines[1], 1, edge, other)
    note(edge.world, edge.farm)
    assert len(_told(edge)) == 1
    edge.world.clock.advance(30)
    other.tell(other.told(other.part(1, NOW + 90)))
    note(edge.world, edge.farm)
    assert _told(edge)[1:] == [(NOW + 90, ONLINE, "")]


def _closed(first: float) -> Block:
    """Five minutes, a sample each minute."""
    times = [first + 60 * number for number in range(5)]
    return block(times, {POWER: [1000.0 + (at - HOUR) / 60 for at in times]})


def _chart(edge: Shed, span: str) -> dict[float, float | None]:
    shown = show_history(edge.world.ports, edge.farm, edge.machines[1], SPANS[span])
    return dict(zip(shown.at, shown.values.get(POWER, []), strict=True))


def test_a_chart_ends_with_the_last_reading_until_its_block_comes(edge: Shed) -> None:
    clock = edge.world.clock
    clock.now = HOUR + 300
    edge.tell(edge.told(edge.part(1, HOUR + 299, {POWER: [1010.0]}, blocks=[_closed(HOUR)])))
    expected = {HOUR + 60.0 * number: 1000.0 + number for number in range(5)}
    assert _chart(edge, "1h") == {**expected, HOUR + 299: 1010.0}
    assert _chart(edge, "24h") == {HOUR: pytest.approx((sum(expected.values()) + 1010.0) / 6)}
    edge.tell(edge.told(edge.part(1, silence=silent_for(1, since=HOUR + 301))))
    assert _chart(edge, "1h") == expected


def _hours_and_days(edge: Shed) -> list[tuple[str, float, bool]]:
    pk = keys.history_pk(edge.farm, edge.machines[1])
    items = sorted(edge.world.store.items.items())
    found = [(key.sk[0], item.read(Rollup)) for key, item in items if key.pk == pk and item.kind == "rollup"]
    return [(kind, rollup.from_at, rollup.partial) for kind, rollup in found]


def test_the_last_hour_of_a_silent_asic_is_folded_once_when_its_day_is_over(edge: Shed) -> None:
    """Late blocks included, which an edge closes after the silence was noted."""
    world, clock, day = edge.world, edge.world.clock, HOUR // DAY_S * DAY_S
    clock.now = HOUR + 300
    edge.tell(edge.told(edge.part(1, HOUR + 299, blocks=[_closed(HOUR)])))
    _round(edge, silent_for(2, since=HOUR + 310))
    complete_history(world.ports, edge.farm)
    clock.advance(180)
    _round(edge, silent_for(3, since=HOUR + 310), blocks=_closed(HOUR + 300))
    clock.now = day + DAY_S + ASICS_AFTER_S - 1
    complete_history(world.ports, edge.farm)
    assert _hours_and_days(edge) == []
    clock.advance(1)
    complete_history(world.ports, edge.farm)
    assert _hours_and_days(edge) == [("d", day, False), ("h", HOUR, False)]
    values = [1000.0 + number for number in range(10)]
    assert _chart(edge, "7d") == {HOUR: pytest.approx(sum(values) / 10)}
    world.store.calls.clear()
    complete_history(world.ports, edge.farm)
    assert world.store.verbs == ["query"]
    (item,) = standings(world.ports, edge.farm).values()
    assert [each.complete for each in item.read(Standing).silent.values()] == [True]
