"""A report is kept whole or not at all, and any order of arrival leaves the same store."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.policy import DAY_S
from cloud.domain.records import Agent, Arrival, Mined, StoredSpecs, decode_arrival
from cloud.ports import Item, StoreUnavailable
from cloud.usecases.accept_report import accept_report
from cloud.usecases.change_farm import change_farm_settings
from cloud.usecases.store_report import store_report
from tests.fakes.reports import NOW, SPECS, block, machine_report, report
from tests.fakes.world import Farm, Sentry, World
from tests.unit.cloud.usecases.life import HOUR
from wire.faults import Fault
from wire.live import FarmSettings
from wire.messages import Mining, Report, ReportReply, Specs


def test_block_under_way_latest_and_specs_are_kept(world: World, sentry: Sentry) -> None:
    series: dict[str, list[float | None]] = {"cpu_load_pct": [1.0, 2.0], "cpu_temperature_c": [50.0, None]}
    times = (NOW - 10, NOW)
    world.report(sentry, report(sentry.machine, times, series, specs=SPECS, interval_s=20))
    assert world.open(sentry) == block(times, series)
    assert world.latest(sentry).values == {1: 2.0, 2: None}
    assert (world.latest(sentry).received_at, world.latest(sentry).interval_s) == (NOW, 60)
    kept = world.store.items[keys.specs(sentry.farm, sentry.machine)]
    assert kept.read(StoredSpecs) == StoredSpecs(SPECS)
    assert world.blocks(sentry) == []


def test_answer_tells_the_clock_and_the_wanted_cadence(world: World, sentry: Sentry) -> None:
    answer = world.report(sentry, report(sentry.machine, epoch=3, sequence=7))
    assert answer == ReportReply(3, 7, NOW, 10, 60, watched=())


@pytest.mark.parametrize(
    ("own_s", "asked_s", "kept_s"), [(20, 60, 60), (60, 360, 360), (360, 60, 360), (5, 60, 60), (60, 60, 60)]
)
def test_the_next_report_is_due_within_the_longer_of_the_agents_interval_and_the_one_asked_for(
    world: World, sentry: Sentry, own_s: float, asked_s: float, kept_s: float
) -> None:
    """It obeys at once, unless the answer is lost."""
    change_farm_settings(world.ports, sentry.farm, FarmSettings(report_interval_s=asked_s))
    answer = world.report(sentry, report(sentry.machine, interval_s=own_s))
    assert (answer.report_interval_s, world.latest(sentry).interval_s) == (asked_s, kept_s)


def test_what_is_mined_is_kept_with_the_newest_state(world: World, sentry: Sentry) -> None:
    first = (Mining("RandomX", 9000.5, "H/s", "XMR"), Mining("Equihash", None, "Sol/s"))
    world.report(sentry, report(sentry.machine, sequence=2, mining=first))
    expected = (Mined("RandomX", 9000.5, "H/s", "XMR"), Mined("Equihash", None, "Sol/s", None))
    assert world.latest(sentry).mining == expected
    world.report(sentry, report(sentry.machine, sequence=1, mining=[Mining("KawPow", 1.0)]))
    late = report(sentry.machine, [], blocks=[block([NOW - 50])], sequence=3, mining=[Mining("KawPow", 1.0)])
    world.report(sentry, late)
    assert world.latest(sentry).mining == expected
    world.report(sentry, report(sentry.machine, [NOW + 5], sequence=4))
    assert world.latest(sentry).mining == ()


def test_blocks_expire_and_the_rest_never(world: World, sentry: Sentry) -> None:
    closed = block([NOW - 20, NOW - 10])
    world.report(sentry, report(sentry.machine, blocks=[closed], specs=SPECS))
    expiries = {item.kind: item.expires_at for item in world.store.items.values()}
    assert expiries["closedblock"] == NOW - 10 + 8 * DAY_S
    assert expiries["latest"] is expiries["storedspecs"] is None


class FakeQueue:
    """The port `Queue`."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, message: str) -> None:
        self.sent.append(message)


def test_with_a_queue_nothing_is_stored_until_it_is_taken_from_there(world: World, sentry: Sentry) -> None:
    queue, sent = FakeQueue(), report(sentry.machine, blocks=[block([NOW - 10])], specs=SPECS)
    before = dict(world.store.items)
    principal = world.principal(sentry)
    answer = accept_report(replace(world.ports, queue=queue), principal, sent)
    assert answer == ReportReply(1, 1, NOW, 10, 60, watched=())
    assert world.store.items == before
    (message,) = queue.sent
    assert decode_arrival(message) == Arrival(sentry.farm, NOW, False, sent, 60, sentry.agent)
    store_report(world.ports, decode_arrival(message))
    queued = dict(world.store.items)
    accept_report(world.ports, principal, sent)
    assert world.store.items == queued != before


@pytest.mark.parametrize("watched", [True, False])
def test_only_latest_is_marked_as_watched_and_only_when_it_is(
    world: World, farm: Farm, sentry: Sentry, watched: bool
) -> None:
    if watched:
        world.watch(farm, "c1")
    world.report(sentry, report(sentry.machine, blocks=[block([NOW - 10])], specs=SPECS))
    marks = {item.kind: item.watched for item in world.store.items.values()}
    assert (marks["latest"], marks["closedblock"], marks["storedspecs"]) == (watched, False, False)


def test_report_sent_twice_leaves_the_same_store(world: World, sentry: Sentry) -> None:
    sent = report(sentry.machine, specs=SPECS)
    first = world.report(sentry, sent)
    before = dict(world.store.items)
    world.clock.advance(20)
    again = world.report(sentry, sent)
    assert world.store.items == before
    assert (again.epoch, again.sequence) == (first.epoch, first.sequence)


def test_hundreds_of_reports_in_disorder_end_with_the_newest(world: World, sentry: Sentry) -> None:
    reports = [
        report(sentry.machine, [NOW - n], blocks=[block([NOW - n - 0.5])], sequence=n) for n in range(300)
    ]
    random.Random(7).shuffle(reports)
    for sent in reports:
        world.report(sentry, sent)
    assert world.latest(sentry).sampled_at == NOW - 299
    assert [part.at[0] for part in world.blocks(sentry)] == [NOW - 299.5 + n for n in range(300)]


def test_stale_report_keeps_its_blocks_and_nothing_else(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW - 60], sequence=9, specs=SPECS))
    newest = world.latest(sentry)
    closed = block([NOW - 10])
    specs = Specs(hostname="old")
    world.report(sentry, report(sentry.machine, [NOW], blocks=[closed], sequence=8, specs=specs))
    assert world.latest(sentry) == newest
    kept = world.store.items[keys.specs(sentry.farm, sentry.machine)]
    assert kept.read(StoredSpecs).specs == SPECS
    assert world.blocks(sentry) == [closed]


def test_new_epoch_is_newer_whatever_its_sequence_and_clock(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW], epoch=1, sequence=2**40 - 1))
    world.report(sentry, report(sentry.machine, [NOW - 500], epoch=2, sequence=0))
    assert world.latest(sentry).sampled_at == NOW - 500


def test_largest_epoch_and_sequence_fit_the_store(world: World, sentry: Sentry) -> None:
    item = world.store.items[keys.agent(sentry.farm, sentry.agent)]
    enrolled = msgspec.structs.replace(item.read(Agent), epoch=2**22 - 1)
    world.store.items[item.key] = Item.of(item.key, enrolled, revision=item.revision)
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


def test_clock_ahead_is_told_the_time_and_nothing_is_stored(world: World, sentry: Sentry) -> None:
    fault = _refused(world, sentry, report(sentry.machine, [NOW, NOW + 61], specs=SPECS))
    assert (fault.code, fault.status, fault.field) == ("clock_ahead", 422, "machines[0].open.at")
    assert fault.server_at == NOW
    assert "61 s in the future" in fault.message


def test_closed_block_of_the_future_is_refused_with_its_place(world: World, sentry: Sentry) -> None:
    blocks = [block([NOW - 10]), block([NOW, NOW + 61])]
    fault = _refused(world, sentry, report(sentry.machine, [], blocks=blocks))
    assert (fault.code, fault.field) == ("clock_ahead", "machines[0].blocks[1].at")


def test_a_minute_ahead_is_still_accepted(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW + 60]))
    assert world.latest(sentry).sampled_at == NOW + 60


@pytest.mark.parametrize("failing_call", range(8))
def test_report_cut_short_by_the_store_is_whole_after_the_next_try(
    world: World, sentry: Sentry, failing_call: int
) -> None:
    closed = block([HOUR + 3590.0])
    now = world.clock.now = HOUR + 7200.0
    sent = report(sentry.machine, [now], blocks=[closed], specs=SPECS)
    principal = world.principal(sentry)
    world.store.failures = [*[None] * failing_call, StoreUnavailable("busy")]
    with suppress(StoreUnavailable):
        accept_report(world.ports, principal, sent)
    world.store.failures.clear()
    accept_report(world.ports, principal, sent)
    assert world.blocks(sentry) == [closed]
    assert [found.from_at for found in world.rollups(sentry, keys.HOUR_PREFIX)] == [HOUR]
    assert world.latest(sentry).sampled_at == now
    assert keys.specs(sentry.farm, sentry.machine) in world.store.items
