"""A report is kept whole or not at all, and any order of arrival leaves the same store."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.policy import DAY_S
from cloud.domain.records import Latest, Samples, StoredSpecs
from cloud.ports import Item, StoreUnavailable
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from tests.fakes.reports import NOW, SPECS, machine_report, report
from tests.fakes.world import Farm, Sentry, World
from wire.faults import Fault
from wire.messages import AgentKind, Report, ReportReply, Series, Specs, Unread


def test_samples_latest_and_specs_are_kept(world: World, sentry: Sentry) -> None:
    series: dict[str, list[float | None]] = {"cpu_load_pct": [1.0, 2.0], "cpu_temperature_c": [50.0, None]}
    gap = Unread("cpu_temperature_c", "no sensor")
    times = (NOW - 10, NOW)
    world.report(sentry, report(sentry.machine, times, series, specs=SPECS, unread=[gap], interval_s=20))
    columns = (Series("cpu_load_pct", (1.0, 2.0)), Series("cpu_temperature_c", (50.0, None)))
    values = {"cpu_load_pct": 2.0, "cpu_temperature_c": None}
    assert world.samples(sentry) == [Samples(times, columns)]
    assert world.latest(sentry) == Latest(sentry.machine, NOW, NOW, 20, values, (gap,))
    kept = world.store.items[keys.specs(sentry.farm, sentry.machine)]
    assert kept.read(StoredSpecs) == StoredSpecs(SPECS)


def test_answer_tells_the_clock_and_the_wanted_cadence(world: World, sentry: Sentry) -> None:
    answer = world.report(sentry, report(sentry.machine, epoch=3, sequence=7))
    assert answer == ReportReply(3, 7, NOW, 10, 60)


def test_samples_expire_after_the_history_and_the_rest_never(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, (NOW - 10, NOW), specs=SPECS))
    expiries = {item.kind: item.expires_at for item in world.store.items.values()}
    assert expiries["samples"] == NOW + 30 * DAY_S
    assert expiries["latest"] is expiries["storedspecs"] is None


@pytest.mark.parametrize("watched", [True, False])
def test_only_latest_is_marked_as_watched_and_only_when_it_is(
    world: World, farm: Farm, sentry: Sentry, watched: bool
) -> None:
    if watched:
        world.watch(farm, "c1")
    world.report(sentry, report(sentry.machine, specs=SPECS))
    marks = {item.kind: item.watched for item in world.store.items.values()}
    assert (marks["latest"], marks["samples"], marks["storedspecs"]) == (watched, False, False)


def test_report_sent_twice_leaves_the_same_store(world: World, sentry: Sentry) -> None:
    sent = report(sentry.machine, specs=SPECS)
    first = world.report(sentry, sent)
    before = dict(world.store.items)
    world.clock.advance(20)
    again = world.report(sentry, sent)
    assert world.store.items == before
    assert (again.epoch, again.sequence) == (first.epoch, first.sequence)


def _reports(data: st.DataObject, machine: str) -> list[Report]:
    """Reports with different numbers and first times; neither order tells the other."""
    numbers = st.tuples(st.integers(1, 3), st.integers(0, 5))
    drawn = data.draw(st.lists(numbers, min_size=1, max_size=6, unique=True))
    starts = data.draw(st.permutations(range(len(drawn))))
    reports = []
    for (epoch, sequence), start in zip(drawn, starts, strict=True):
        count = data.draw(st.integers(1, 3))
        times = [NOW - 1000 + 100 * start + 10 * step for step in range(count)]
        values = data.draw(st.lists(st.none() | st.floats(0, 100), min_size=count, max_size=count))
        specs = data.draw(st.none() | st.builds(Specs, cpu_cores=st.integers(1, 64)))
        goodbye = data.draw(st.booleans())
        made = report(
            machine,
            times,
            {"cpu_load_pct": values},
            epoch=epoch,
            sequence=sequence,
            specs=specs,
            goodbye=goodbye,
        )
        reports.append(made)
    return reports


def _content_after(schedule: list[Report]) -> dict[keys.Key, Item]:
    world = World()
    sentry = world.sentry(world.farm())
    for sent in schedule:
        world.report(sentry, sent)
    return world.store.items


@given(st.data())
def test_any_order_with_any_repeats_leaves_the_same_store(data: st.DataObject) -> None:
    world = World()
    machine = world.sentry(world.farm()).machine
    reports = _reports(data, machine)
    repeats = data.draw(st.lists(st.sampled_from(reports), max_size=6))
    schedule = data.draw(st.permutations([*reports, *repeats]))
    in_order = sorted(reports, key=lambda sent: (sent.epoch, sent.sequence))
    assert _content_after(schedule) == _content_after(in_order)


def test_a_thousand_reports_in_disorder_end_with_the_newest(world: World, sentry: Sentry) -> None:
    reports = [report(sentry.machine, [NOW - n], sequence=n, specs=SPECS) for n in range(1000)]
    random.Random(7).shuffle(reports)  # noqa: S311 - an order, not a secret
    for sent in reports:
        world.report(sentry, sent)
    assert world.latest(sentry).sampled_at == NOW - 999
    assert [samples.at[0] for samples in world.samples(sentry)] == [NOW - 999 + n for n in range(1000)]


def test_stale_report_keeps_its_samples_and_nothing_else(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW - 60], sequence=9, specs=SPECS))
    newest = world.latest(sentry)
    stale = report(sentry.machine, [NOW], {"uptime_s": [1.0]}, sequence=8, specs=Specs(hostname="old"))
    world.report(sentry, stale)
    assert world.latest(sentry) == newest
    kept = world.store.items[keys.specs(sentry.farm, sentry.machine)]
    assert kept.read(StoredSpecs).specs == SPECS
    assert [samples.at for samples in world.samples(sentry)] == [(NOW - 60,), (NOW,)]


def test_new_epoch_is_newer_whatever_its_sequence_and_clock(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW], epoch=1, sequence=2**40 - 1))
    world.report(sentry, report(sentry.machine, [NOW - 500], epoch=2, sequence=0))
    assert world.latest(sentry).sampled_at == NOW - 500


def test_largest_epoch_and_sequence_fit_the_store(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, epoch=2**22 - 1, sequence=2**40 - 1))
    revision = world.store.items[keys.latest(sentry.farm, sentry.machine)].revision
    assert revision == 2**62 - 1


def test_goodbye_stops_and_the_next_report_starts_again(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, sequence=1, goodbye=True))
    assert world.latest(sentry).stopped is True
    world.report(sentry, report(sentry.machine, [NOW + 10], sequence=2))
    assert world.latest(sentry).stopped is False


def _refused(world: World, sentry: Sentry, sent: Report) -> Fault:
    """The refusal; fails if anything was stored."""
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        world.report(sentry, sent)
    assert world.store.items == before
    return caught.value


def test_another_agents_machine_is_refused_and_nothing_stored(world: World, farm: Farm) -> None:
    mine, theirs = world.sentry(farm, "mine"), world.sentry(farm, "theirs")
    fault = _refused(world, mine, report(theirs.machine, specs=SPECS))
    assert (fault.code, fault.status, fault.field) == ("machine_unknown", 404, "machines[0].machine")


def test_one_foreign_machine_refuses_the_whole_report(world: World, sentry: Sentry) -> None:
    machines = (machine_report(sentry.machine), machine_report("machine_x"))
    fault = _refused(world, sentry, Report(1, 1, NOW, 60, machines))
    assert (fault.code, fault.field) == ("machine_unknown", "machines[1].machine")


def test_asic_edge_has_no_machine_yet(world: World, farm: Farm) -> None:
    made = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC)
    principal = authorise_agent(world.ports, f"Bearer {made.token}")
    with pytest.raises(Fault, match="no such machine"):
        accept_report(world.ports, principal, report("machine_1"))


def test_clock_ahead_is_told_the_time_and_nothing_is_stored(world: World, sentry: Sentry) -> None:
    fault = _refused(world, sentry, report(sentry.machine, [NOW, NOW + 61], specs=SPECS))
    assert (fault.code, fault.status, fault.field) == ("clock_ahead", 422, "machines[0].at")
    assert fault.server_at == NOW
    assert "61 s in the future" in fault.message


def test_a_minute_ahead_is_still_accepted(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW + 60]))
    assert world.latest(sentry).sampled_at == NOW + 60


@pytest.mark.parametrize("failing_write", [0, 1, 2])
def test_report_cut_short_by_the_store_is_whole_after_the_next_try(
    world: World, sentry: Sentry, failing_write: int
) -> None:
    sent = report(sentry.machine, specs=SPECS)
    principal = world.principal(sentry)
    world.store.failures = [*[None] * failing_write, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        accept_report(world.ports, principal, sent)
    accept_report(world.ports, principal, sent)
    assert world.samples(sentry)[0].at == (NOW,)
    assert world.latest(sentry).sampled_at == NOW
    assert keys.specs(sentry.farm, sentry.machine) in world.store.items
