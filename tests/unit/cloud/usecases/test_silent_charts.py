"""Charts of machines that fall silent and return at random: nothing is lost, nothing counts twice."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain.policy import DAY_S
from cloud.domain.records import Arrival
from cloud.ports import StoreUnavailable
from cloud.usecases.show_history import SPANS
from tests.fakes.world import World
from tests.unit.cloud.usecases.charts import drawn, naive, show
from tests.unit.cloud.usecases.life import HOUR, Fate, Rig, a_world, deliver_live

LIFE = st.lists(
    st.sampled_from([*[Fate.ANSWERED] * 6, Fate.ANSWER_LOST, Fate.NEVER_SENT, Fate.SILENCE]), max_size=60
)


@st.composite
def lives(draw: st.DrawFn) -> Rig:
    """Up to an hour of reports with silences of all lengths; often blocks end where hours do."""
    _, sentry = a_world()
    offset = draw(st.integers(0, 12).map(lambda number: number * 300) | st.integers(0, 3600))
    silence_s = draw(st.sampled_from([180, 300, 900, 1500, 3600, 9000, 40_000]))
    rig = Rig(sentry, HOUR + offset, silence_s=silence_s)
    rig.live([Fate.ANSWERED, *draw(LIFE), Fate.ANSWERED])
    if not rig.open:  # an agent that returns tells its newest state first, and late blocks after it
        rig.live([Fate.ANSWERED])
    return rig


def _lived(rig: Rig, sweep_each_s: float, deaths: list[int]) -> World:
    """Everything at its time, a sweep every now and then; some of those die at any of their calls."""
    world, sentry = a_world()
    world.clock.now = HOUR
    deaths = [*deaths]

    def sweep() -> None:
        death = deaths.pop() if deaths else 0
        world.store.failures = [*[None] * death, StoreUnavailable("busy")] if death else []
        with suppress(StoreUnavailable):
            world.sweep()
        world.store.failures = []

    for event in rig.events:
        at = event.received_at if isinstance(event, Arrival) else event.at
        while sweep_each_s and world.clock.now + sweep_each_s < at:
            world.clock.now += sweep_each_s
            sweep()
        deliver_live(world, sentry, [event])
    world.clock.now = rig.now + 200
    if sweep_each_s:
        world.sweep()
    return world


DEATHS = st.lists(st.integers(0, 40), max_size=30)


@settings(max_examples=40, deadline=None)
@given(lives(), st.sampled_from([15, 70, 400]), DEATHS)
def test_charts_are_the_same_with_and_without_sweeps(rig: Rig, each_s: int, deaths: list[int]) -> None:
    """While the samples are there; each of them counts once, however often the machine was silent."""
    alone, swept = _lived(rig, 0, []), _lived(rig, each_s, deaths)
    for span in SPANS:
        shown, expected = show(swept, rig.sentry, span), show(alone, rig.sentry, span)
        assert shown.at == expected.at
        assert set(shown.late) <= set(expected.late)  # what was told before the silence came in time
        for name, values in expected.values.items():
            assert shown.values[name] == pytest.approx(values), (span, name)
        for metric, figures in naive(rig.ledger, swept.clock.now, SPANS[span]).items():
            assert drawn(shown)[metric] == pytest.approx(figures), (span, metric)


@settings(max_examples=40, deadline=None)
@given(lives(), st.sampled_from([15, 70, 400]), DEATHS, st.sampled_from([("30d", 9), ("1y", 9), ("1y", 130)]))
def test_no_sample_is_lost_when_it_expires(
    rig: Rig, each_s: int, deaths: list[int], later: tuple[str, int]
) -> None:
    """Neither of the last hour and day nor of those between silences."""
    world, (span, days) = _lived(rig, each_s, deaths), later
    world.clock.now = rig.now + days * DAY_S
    expected = naive(rig.ledger, world.clock.now, SPANS[span])
    shown = drawn(show(world, rig.sentry, span))
    assert shown.keys() == expected.keys()
    for metric, figures in expected.items():
        assert shown[metric] == pytest.approx(figures), metric
