"""Charts say what the samples say, in every span, and read few items for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.records import Arrival
from cloud.usecases.change_farm import change_farm_settings
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.show_history import SPANS, show_history
from cloud.usecases.store_report import close_open_block, store_report
from tests.fakes.reports import NOW, block, report
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.charts import drawn, naive, show
from tests.unit.cloud.usecases.life import (
    HOUR,
    Fate,
    Ledger,
    Rig,
    a_world,
    deliver_live,
)
from wire.faults import Fault
from wire.live import FarmSettings, History

ITEMS_MAX = 500
DAY_S = 86_400
RECEIVED, LOAD = "network_received_bytes", "cpu_load_pct"
BUCKETED = [name for name, span in SPANS.items() if span.width_s is not None]


def _agrees(world: World, rig: Rig, span: str) -> None:
    shown = drawn(show(world, rig.sentry, span))
    expected = naive(rig.ledger, world.clock.now, SPANS[span])
    assert {metric: sorted(at) for metric, at in shown.items()} == {
        metric: sorted(at) for metric, at in expected.items()
    }
    for metric, figures in expected.items():
        assert shown[metric] == pytest.approx(figures)


def _lived(fates: list[Fate], begin: float = HOUR, **choices: float) -> tuple[World, Rig]:
    world, sentry = a_world()
    rig = Rig(sentry, begin)
    rig.silence_s = choices.get("silence_s", 5400)
    rig.live(fates)
    deliver_live(world, sentry, rig.events)
    world.clock.now = rig.now + 7
    return world, rig


LIFE = st.lists(st.sampled_from([Fate.ANSWERED] * 8 + [Fate.ANSWER_LOST, Fate.NEVER_SENT]), max_size=40)


@pytest.mark.parametrize("span", SPANS)
@settings(max_examples=15, deadline=None)
@given(LIFE, st.integers(0, 200), LIFE, st.integers(0, 3600))
def test_chart_says_what_the_samples_say(
    span: str, first: list[Fate], steady: int, last: list[Fate], offset: int
) -> None:
    world, rig = _lived([*first, *[Fate.ANSWERED] * steady, Fate.ANSWERED, *last], HOUR + offset)
    _agrees(world, rig, span)


@pytest.mark.parametrize("span", SPANS)
def test_chart_over_midnight_silence_and_gaps(span: str) -> None:
    fates = [Fate.ANSWERED] * 290 + [Fate.SILENCE] + [Fate.ANSWERED] * 400 + [Fate.SILENCE, Fate.ANSWERED]
    world, rig = _lived(fates, HOUR + 1234, silence_s=20_000)
    _agrees(world, rig, span)


@pytest.mark.parametrize("span", SPANS)
def test_every_minute_around_the_end_of_an_hour_shows_all(span: str) -> None:
    """A late report closes a block of the old hour while another block lies over the border."""
    fates = [Fate.ANSWERED] * 4 + [Fate.NEVER_SENT] * 6 + [Fate.ANSWERED] * 12
    world, sentry = a_world()
    rig = Rig(sentry, HOUR + 3600 - 9 * 60 + 20)
    rig.live(fates)
    for event in rig.events:
        deliver_live(world, sentry, [event])
        so_far = Rig(sentry, 0)
        for earlier in rig.events[: rig.events.index(event) + 1]:
            assert isinstance(earlier, Arrival)
            for part in [*earlier.report.machines[0].blocks, earlier.report.machines[0].open]:
                if part is not None:
                    columns = [(series.name, series.values) for series in part.series]
                    so_far.ledger |= {
                        (at, metric): value
                        for metric, values in columns
                        for at, value in zip(part.at, values, strict=True)
                        if value is not None
                    }
        _agrees(world, so_far, span)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("fate", [Fate.ENROLLED_ANEW, Fate.ENROLLED_AFTER_SILENCE])
def test_chart_after_a_new_epoch(span: str, fate: Fate) -> None:
    world, rig = _lived([*[Fate.ANSWERED] * 33, fate, *[Fate.ANSWERED] * 90])
    _agrees(world, rig, span)


@pytest.mark.parametrize("span", SPANS)
def test_block_that_was_closed_by_the_commander_counts_once(world: World, sentry: Sentry, span: str) -> None:
    """Enrolled anew, or the report that closes a block is stored up to its latest item."""
    series = {LOAD: [10.0, 20.0], RECEIVED: [1e12, 1e12 + 1000]}
    closed = {LOAD: [60.0], RECEIVED: [1e12 - 500]}
    sent = report(sentry.machine, [NOW - 20, NOW - 10], series, blocks=[block([NOW - 30], closed)])
    world.report(sentry, sent)
    before = show(world, sentry, span)
    close_open_block(world.ports, sentry.farm, sentry.machine, 2)
    assert show(world, sentry, span) == before


def _steady(silence_s: float) -> tuple[World, Sentry, float]:
    """A counter that grows by 100 B/s for six hours, with a silence and a restart of the machine in it."""
    world, sentry = a_world()
    now, begin, pending_after = HOUR + 130.0, HOUR + 130.0, None
    for number in range(72):
        now += silence_s if number == 30 else 0
        at = [now + 10 * n for n in range(1, 31)]
        since = begin if number < 50 else HOUR + 130.0 + 50 * 300 + silence_s
        counts: list[float | None] = [100 * (when - since) for when in at]
        machine = report(sentry.machine, [], blocks=[block(at, {RECEIVED: counts})], after=pending_after)
        now = pending_after = at[-1]
        store_report(world.ports, Arrival(sentry.farm, now + 1, False, machine))
    under_way = {RECEIVED: [100 * (now + 10 - HOUR - 130.0 - 50 * 300 - silence_s)]}
    last = report(sentry.machine, [now + 10], under_way)
    store_report(world.ports, Arrival(sentry.farm, now + 11, False, last))
    world.clock.now = now + 15
    return world, sentry, now


@pytest.mark.parametrize("silence_s", [0.0, 9000.0])
@pytest.mark.parametrize("span", SPANS)
def test_counter_of_a_steady_rate_is_drawn_at_that_rate(span: str, silence_s: float) -> None:
    """In the first bucket and the last, which are not full, and in the one after a silence too."""
    world, sentry, _ = _steady(silence_s)
    rates = [rate for rate in show(world, sentry, span).values[RECEIVED] if rate is not None]
    assert rates != []
    assert rates == [pytest.approx(100, rel=0.06)] * len(rates)


def test_counter_within_full_buckets_is_drawn_at_its_rate() -> None:
    world, sentry, _ = _steady(0.0)
    rates = show(world, sentry, "24h").values[RECEIVED][1:-1]
    assert len(rates) == 35
    assert rates == [pytest.approx(100, rel=0.06)] * 35


@pytest.fixture(scope="module")
def year() -> tuple[World, Sentry, Ledger]:
    """A block every 6 h for a year, every 30 min for the last 32 days, and an hour of five minutes each."""
    world, sentry = a_world()
    end = HOUR + 123.0
    starts = [end - 366 * DAY_S + n * 21_600 for n in range(334 * 4)]
    starts += [end - 32 * DAY_S + n * 1800 for n in range(32 * 48 - 2)]
    starts += [end - 3600 + n * 300 for n in range(12)]
    ledger: Ledger = {}
    after = None
    for number, start in enumerate(starts):
        at, loads = [start + 1, start + 290], [number % 100 / 1.0, number * 7 % 1000 / 10]
        ledger |= {(when, LOAD): load for when, load in zip(at, loads, strict=True)}
        world.clock.now = at[-1] + 1
        sent = report(sentry.machine, [], blocks=[block(at, {LOAD: loads})], after=after)
        store_report(world.ports, Arrival(sentry.farm, world.clock.now, False, sent))
        after = at[-1]
    last = world.clock.now = end + 10
    ledger[last, LOAD] = 50.0
    sent = report(sentry.machine, [last], {LOAD: [50.0]})
    store_report(world.ports, Arrival(sentry.farm, last, False, sent))
    return world, sentry, ledger


@pytest.mark.parametrize("span", SPANS)
def test_year_is_drawn_whole_from_few_items(year: tuple[World, Sentry, Ledger], span: str) -> None:
    world, sentry, ledger = year
    world.store.items_read = 0
    shown = drawn(show(world, sentry, span))
    assert world.store.items_read <= ITEMS_MAX
    expected = naive(ledger, world.clock.now, SPANS[span])
    assert list(shown[LOAD]) == sorted(expected[LOAD])
    assert shown[LOAD] == pytest.approx(expected[LOAD])


def test_machine_that_never_reported(world: World, sentry: Sentry) -> None:
    assert show(world, sentry, "1h") == History(NOW, NOW - 3600, NOW, None, 150, [], {}, [])
    assert show(world, sentry, "24h") == History(NOW, NOW - DAY_S, NOW, 600, 900, [], {}, [])


def test_samples_stand_by_time_with_gaps_where_a_metric_was_not_read(world: World, sentry: Sentry) -> None:
    loads = block([NOW - 40, NOW - 30], {LOAD: [1.0, None]})
    world.report(sentry, report(sentry.machine, [NOW - 20], {"uptime_s": [5.0]}, blocks=[loads]))
    history = show(world, sentry, "1h")
    assert history.at == [NOW - 40, NOW - 30, NOW - 20]
    assert history.values == {LOAD: [1.0, None, None], "uptime_s": [None, None, 5.0]}


def test_counter_in_samples_is_a_rate_with_resets_and_gaps(world: World, sentry: Sentry) -> None:
    at = [NOW - 400, NOW - 390, NOW - 380, NOW - 370, NOW - 20, NOW - 10]
    counts = [1000.0, 1500.0, None, 20.0, 500.0, 700.0]
    world.report(sentry, report(sentry.machine, at, {RECEIVED: counts}))
    assert show(world, sentry, "1h").values == {RECEIVED: [None, 50.0, None, 1.0, None, 20.0]}


def test_block_that_began_before_the_span_gives_its_later_samples(world: World, sentry: Sentry) -> None:
    times = [NOW - 3620, NOW - 3610, NOW - 3600, NOW - 3590]
    world.report(sentry, report(sentry.machine, [], blocks=[block(times)]))
    history = show(world, sentry, "1h")
    assert history.at == [NOW - 3600, NOW - 3590]
    assert history.values == {LOAD: [12.0, 13.0]}


@pytest.mark.parametrize(
    ("own_s", "interval_s", "gap_s"),
    [(10, 5, 30), (10, 10, 30), (None, 60, 150), (360, 360, 900), (10, 360, 900), (None, 5, 150)],
)
def test_gap_of_samples_follows_the_cadence_of_the_machine(
    world: World, sentry: Sentry, own_s: float | None, interval_s: float, gap_s: float
) -> None:
    """Of its farm where it is quickened: most of the hour before it was not."""
    change_farm_settings(world.ports, sentry.farm, FarmSettings(report_interval_s=own_s))
    world.report(sentry, report(sentry.machine, interval_s=interval_s))
    assert show(world, sentry, "1h").gap_s == gap_s


@pytest.mark.parametrize("span", BUCKETED)
def test_gap_of_buckets_is_one_that_is_missing(world: World, sentry: Sentry, span: str) -> None:
    history = show(world, sentry, span)
    assert history.resolution_s is not None
    assert history.resolution_s < history.gap_s < 2 * history.resolution_s


@pytest.mark.parametrize("span", SPANS)
def test_late_samples_are_marked_and_others_not(world: World, sentry: Sentry, span: str) -> None:
    width_s = SPANS[span].width_s
    late, prompt = NOW - 700.0, NOW - 20.0
    sent = report(sentry.machine, [NOW], blocks=[block([late]), block([prompt])])
    world.report(sentry, sent)
    expected = late // width_s * width_s if width_s else late
    assert show(world, sentry, span).late == [expected]


def test_short_pages_hide_nothing() -> None:
    world = World(page_max=2)
    sentry = world.sentry(world.farm())
    times = [NOW - 1800 + 100 * n for n in range(9)]
    world.report(sentry, report(sentry.machine, [], blocks=[block([at]) for at in times]))
    assert show(world, sentry, "1h").at == times
    assert show(world, sentry, "24h").at == [NOW - 1800, NOW - 1200]


@pytest.mark.parametrize("kept_days", [1, 8])
def test_hours_outlive_their_blocks(world: World, sentry: Sentry, kept_days: int) -> None:
    policy = replace(world.ports.policy, blocks_kept_s=kept_days * DAY_S)
    ports = replace(world.ports, policy=policy)
    sent = report(sentry.machine, [NOW], blocks=[block([NOW - 20])])
    store_report(ports, Arrival(sentry.farm, NOW + 1, False, sent))
    world.clock.advance(9 * DAY_S)
    back = report(sentry.machine, [world.clock.now], sequence=2)
    store_report(ports, Arrival(sentry.farm, world.clock.now, False, back))
    assert [key.sk for key in world.store.items if key.sk.startswith(keys.HOUR_PREFIX)] != []
    assert show(world, sentry, "30d").at == [HOUR - 3600, HOUR + 9 * DAY_S]


def test_unknown_other_farms_and_deleted_machines_look_alike(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine))
    other = world.farm("South", "south@example.test")
    delete_agent(world.ports, sentry.farm, sentry.agent)
    for farm, machine in [
        (sentry.farm, "machine_x"),
        (other.farm, sentry.machine),
        (sentry.farm, sentry.machine),
    ]:
        with pytest.raises(Fault) as caught:
            show_history(world.ports, farm, machine, SPANS["1h"])
        assert (caught.value.code, caught.value.status) == ("machine_unknown", 404)


def test_no_sample_lies_outside_the_span_that_is_claimed(world: World, sentry: Sentry) -> None:
    """A clock may be up to a minute ahead; such a sample is shown once its time has come."""
    world.report(sentry, report(sentry.machine, [NOW, NOW + 50]))
    history = show(world, sentry, "1h")
    assert all(history.from_at <= at <= history.to_at for at in history.at)
