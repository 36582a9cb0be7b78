"""Any order of arrival, any repeats and any death leave the same store, in few writes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.packing import pack, unpack
from cloud.domain.policy import DAY_S
from cloud.domain.records import Arrival, ClosedBlock, Latest, StoredSpecs, StoredUnread
from cloud.usecases.show_history import SPANS, show_history
from cloud.usecases.store_report import close_open_block, store_report
from tests.fakes.reports import NOW, SPECS, block, report
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.life import (
    HOUR,
    Enrolled,
    Event,
    Fate,
    Ledger,
    Rig,
    a_world,
    deliver,
    deliver_live,
    kept,
    kept_but_lateness,
)
from wire.messages import Report, Specs, Unread

WEIGHTED = [Fate.ANSWERED] * 5 + [Fate.ANSWER_LOST, Fate.NEVER_SENT, Fate.SILENCE]
ANEW = [*WEIGHTED, Fate.ENROLLED_ANEW, Fate.ENROLLED_AFTER_SILENCE]
WHOLE = ("closedblock", "latest", "storedspecs", "storedunread")


def arrival(sentry: Sentry, sent: Report, received_at: float = NOW, *, watched: bool = False) -> Arrival:
    return Arrival(sentry.farm, received_at, watched, sent)


@st.composite
def lives(draw: st.DrawFn, fates: list[Fate]) -> Rig:
    """Up to four hours, begun anywhere in an hour."""
    _, sentry = a_world()
    rig = Rig(sentry, HOUR + draw(st.integers(0, 3600)), silence_s=draw(st.sampled_from([200, 5400])))
    rig.live(draw(st.lists(st.sampled_from(fates), min_size=1, max_size=30)))
    rig.live([Fate.ANSWERED] * draw(st.integers(0, 80)))
    rig.live(draw(st.lists(st.sampled_from(fates), max_size=10)))
    rig.end()
    return rig


@st.composite
def disorder(draw: st.DrawFn, events: list[Event]) -> list[Event]:
    """Arrivals in any order and repeated; an epoch's come after its enrolment, as they must."""
    arrivals = [event for event in events if isinstance(event, Arrival)]
    repeats = draw(st.lists(st.sampled_from(arrivals), max_size=10))
    order: list[Event] = list(draw(st.permutations([*arrivals, *repeats])))
    least = 0
    for enrolled in (event for event in events if isinstance(event, Enrolled)):
        later = (n for n, event in enumerate(order) if epoch_of(event) >= enrolled.epoch)
        place = draw(st.integers(least, next(later, len(order))))
        order.insert(place, enrolled)
        least = place + 1
    return order


def epoch_of(event: Event) -> int:
    return event.report.epoch if isinstance(event, Arrival) else event.epoch


DEATHS = st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5]), max_size=100)


def _world_after(rig: Rig, events: list[Event], deaths: list[int]) -> World:
    world, sentry = a_world()
    world.clock.now = rig.now + 1
    deliver(world, sentry, events, deaths)
    return world


def _world_of(rig: Rig) -> World:
    """Everything at its time and in its order."""
    world, sentry = a_world()
    deliver_live(world, sentry, rig.events)
    world.clock.now = rig.now + 1
    return world


@settings(max_examples=25, deadline=None)
@given(st.data(), lives(WEIGHTED))
def test_one_epoch_in_any_order_leaves_the_same_blocks_and_latest(data: st.DataObject, rig: Rig) -> None:
    world = _world_after(rig, data.draw(disorder(rig.events)), data.draw(DEATHS))
    assert kept(world, *WHOLE) == kept(_world_of(rig), *WHOLE)


@settings(max_examples=25, deadline=None)
@given(st.data(), lives(WEIGHTED))
def test_one_epoch_in_any_order_leaves_the_same_store(data: st.DataObject, rig: Rig) -> None:
    """Rollups included, however late what they fold was delivered."""
    world = _world_after(rig, data.draw(disorder(rig.events)), data.draw(DEATHS))
    assert kept(world, "rollup") == kept(_world_of(rig), "rollup")


@settings(max_examples=25, deadline=None)
@given(st.data(), lives(WEIGHTED), st.data())
def test_repeats_and_deaths_in_order_leave_the_same_store(
    data: st.DataObject, rig: Rig, more: st.DataObject
) -> None:
    """Each arrival is tried until it is stored, as an agent without a queue does."""
    world, sentry = a_world()
    deaths = data.draw(DEATHS)
    for number, event in enumerate(rig.events):
        assert isinstance(event, Arrival)
        world.clock.now = event.received_at
        deliver(world, sentry, [event], deaths[number : number + 1])
        deliver(world, sentry, [event] * more.draw(st.integers(0, 1)))
    assert kept(world) == kept(_world_of(rig))


@settings(max_examples=25, deadline=None)
@given(st.data(), lives(ANEW))
def test_new_epochs_in_any_order_leave_the_same_store(data: st.DataObject, rig: Rig) -> None:
    world = _world_after(rig, data.draw(disorder(rig.events)), data.draw(DEATHS))
    assert kept_but_lateness(world) == kept_but_lateness(_world_of(rig))


def readable(world: World, sentry: Sentry) -> set[tuple[float, str, float]]:
    """What closed blocks and the block under way say."""
    parts = [*world.blocks(sentry), world.open(sentry)]
    return {
        (at, series.name, value)
        for part in parts
        for series in part.series
        for at, value in zip(part.at, series.values, strict=True)
        if value is not None
    }


def _as_set(ledger: Ledger) -> set[tuple[float, str, float]]:
    return {(at, metric, value) for (at, metric), value in ledger.items()}


@settings(max_examples=25, deadline=None)
@given(lives(ANEW))
def test_everything_that_arrived_is_kept_when_it_arrives_in_order(rig: Rig) -> None:
    world = _world_of(rig)
    assert readable(world, rig.sentry) == _as_set(rig.ledger)


@settings(max_examples=25, deadline=None)
@given(st.data(), lives(ANEW))
def test_everything_that_arrived_is_kept_in_any_order(data: st.DataObject, rig: Rig) -> None:
    world = _world_after(rig, data.draw(disorder(rig.events)), data.draw(DEATHS))
    assert readable(world, rig.sentry) == _as_set(rig.ledger)


def test_open_block_that_arrives_after_the_enrolment_outlives_the_next_epochs_first_report(
    world: World, sentry: Sentry
) -> None:
    """A queue, or a slow request: the old process's last report is stored after the new one enrolled."""
    close_open_block(world.ports, sentry.farm, sentry.machine, 2)
    store_report(world.ports, arrival(sentry, report(sentry.machine, [NOW - 20, NOW - 10], epoch=1)))
    store_report(world.ports, arrival(sentry, report(sentry.machine, [NOW], epoch=2)))
    assert [part.at for part in world.blocks(sentry)] == [(NOW - 20, NOW - 10)]


def test_report_that_comes_while_the_open_block_is_closed_loses_nothing(world: World, sentry: Sentry) -> None:
    """An old process's report may be stored between any two steps of an enrolment."""
    for step in range(4):
        at = [NOW - 100 * (4 - step), NOW - 100 * (4 - step) + 10]
        epoch = 2 * step + 1
        first = report(sentry.machine, at[:1], epoch=epoch, sequence=1)
        second = arrival(sentry, report(sentry.machine, at, epoch=epoch, sequence=2))
        store_report(world.ports, arrival(sentry, first))

        def meanwhile(late: Arrival = second) -> None:
            store_report(world.ports, late)

        world.store.interruptions = [*[lambda: None] * step, meanwhile]
        close_open_block(world.ports, sentry.farm, sentry.machine, epoch + 1)
        for interruption in [*world.store.interruptions]:
            world.store.interruptions = []
            interruption()
        store_report(world.ports, arrival(sentry, report(sentry.machine, [NOW], epoch=epoch + 1)))
    kept_times = {at for part in world.blocks(sentry) for at in part.at}
    expected = {NOW - 100 * n + more for n in (1, 2, 3, 4) for more in (0, 10)}
    assert expected - kept_times == set()


def test_open_block_of_an_epoch_that_is_over_becomes_a_closed_one(world: World, sentry: Sentry) -> None:
    store_report(world.ports, arrival(sentry, report(sentry.machine, [NOW], epoch=2)))
    for times in ([NOW - 30, NOW - 20], [NOW - 30, NOW - 20, NOW - 10], [NOW - 30]):
        sent = report(sentry.machine, times, epoch=1, sequence=len(times))
        store_report(world.ports, arrival(sentry, sent))
    assert [part.at for part in world.blocks(sentry)] == [(NOW - 30, NOW - 20, NOW - 10)]
    assert world.open(sentry).at == (NOW,)


def test_rescued_block_of_an_hour_that_was_rolled_up_is_rolled_up_too(world: World, sentry: Sentry) -> None:
    world.clock.now = HOUR + 4000
    first, second = block([HOUR + 100.0]), [HOUR + 1000.0, HOUR + 1010.0]
    now = world.clock.now
    sent = report(sentry.machine, [now], blocks=[first], epoch=2)
    store_report(world.ports, arrival(sentry, sent, now))
    store_report(world.ports, arrival(sentry, report(sentry.machine, second, epoch=1), now))
    history = show_history(world.ports, sentry.farm, sentry.machine, SPANS["24h"])
    assert history.at == [HOUR, HOUR + 600, HOUR + 3600]


def test_closing_the_open_block_twice_or_of_nothing_changes_nothing(world: World, sentry: Sentry) -> None:
    close_open_block(world.ports, sentry.farm, sentry.machine, 2)
    store_report(world.ports, arrival(sentry, report(sentry.machine)))
    close_open_block(world.ports, sentry.farm, sentry.machine, 2)
    once = dict(world.store.items)
    world.clock.advance(100)
    close_open_block(world.ports, sentry.farm, sentry.machine, 2)
    assert world.store.items == once
    assert [part.at for part in world.blocks(sentry)] == [(NOW,)]


def test_what_is_kept_of_a_report(world: World, sentry: Sentry) -> None:
    gap = Unread("cpu_temperature_c", "no sensor")
    closed = block([NOW - 20, NOW - 10])
    series: dict[str, list[float | None]] = {"cpu_load_pct": [1.04, 2.0], "cpu_temperature_c": [50.0, None]}
    sent = report(
        sentry.machine, [NOW, NOW + 10], series, blocks=[closed], specs=SPECS, unread=[gap], interval_s=20
    )
    store_report(world.ports, arrival(sentry, sent, NOW + 11, watched=True))
    items = world.store.items
    latest = items[keys.latest(sentry.farm, sentry.machine)]
    under_way = sent.machines[0].open
    assert under_way is not None
    assert latest.read(Latest) == Latest(
        sentry.machine, NOW + 10, NOW + 11, 20, {1: 2.0, 2: None}, pack(under_way)
    )
    kept_block = items[keys.block(sentry.farm, sentry.machine, NOW - 20)]
    assert kept_block.read(ClosedBlock) == ClosedBlock(NOW - 10, NOW + 11, pack(closed))
    specs, unread = keys.specs(sentry.farm, sentry.machine), keys.unread(sentry.farm, sentry.machine)
    assert items[specs].read(StoredSpecs) == StoredSpecs(SPECS)
    assert items[unread].read(StoredUnread) == StoredUnread((gap,))
    expiries = {item.kind: item.expires_at for item in items.values() if item.kind in WHOLE}
    forever = dict.fromkeys(("latest", "storedspecs", "storedunread"))
    assert expiries == {"closedblock": NOW - 10 + 8 * DAY_S, **forever}
    assert {item.kind for item in items.values() if item.watched} == {"latest", "machine"}


def test_goodbye_dropped_and_clock_are_told(world: World, sentry: Sentry) -> None:
    body = report(sentry.machine).machines
    sent = Report(1, 1, NOW, 60, body, goodbye=True, dropped=7, clock_off_s=-2.5)
    store_report(world.ports, arrival(sentry, sent))
    latest = world.latest(sentry)
    assert (latest.stopped, latest.dropped, latest.clock_off_s) == (True, 7, -2.5)


def test_report_of_late_blocks_alone_leaves_the_newest_state(world: World, sentry: Sentry) -> None:
    store_report(world.ports, arrival(sentry, report(sentry.machine, [NOW], sequence=1)))
    before = world.latest(sentry)
    late = report(sentry.machine, [], blocks=[block([NOW - 20])], sequence=2)
    store_report(world.ports, arrival(sentry, late))
    assert world.latest(sentry) == before
    assert [part.at for part in world.blocks(sentry)] == [(NOW - 20,)]


def test_earlier_arrival_of_the_same_block_is_the_one_kept(world: World, sentry: Sentry) -> None:
    sent = report(sentry.machine, [], blocks=[block([NOW - 20])])
    for received_at in (NOW + 50, NOW, NOW + 20):
        store_report(world.ports, arrival(sentry, sent, received_at))
    item = world.store.items[keys.block(sentry.farm, sentry.machine, NOW - 20)]
    assert item.read(ClosedBlock).received_at == NOW
    assert unpack(item.read(ClosedBlock).packed).at == (NOW - 20,)


def test_specs_and_unread_of_an_older_report_change_nothing(world: World, sentry: Sentry) -> None:
    told = [(2, Specs(cpu_cores=8), [Unread("gpu", "no driver")]), (1, Specs(cpu_cores=4), [])]
    for sequence, specs, unread in told:
        sent = report(sentry.machine, sequence=sequence, specs=specs, unread=unread)
        store_report(world.ports, arrival(sentry, sent))
    items = world.store.items
    assert items[keys.specs(sentry.farm, sentry.machine)].read(StoredSpecs).specs.cpu_cores == 8
    kept_unread = items[keys.unread(sentry.farm, sentry.machine)].read(StoredUnread)
    assert kept_unread.unread == (Unread("gpu", "no driver"),)


def _verbs(world: World, sent: Arrival) -> list[str]:
    world.store.calls.clear()
    store_report(world.ports, sent)
    return world.store.verbs


def test_usual_report_is_one_write_and_no_read(world: World, sentry: Sentry) -> None:
    for sequence in (1, 2, 3):
        times = [NOW - 10 * n for n in range(sequence, 0, -1)]
        sent = arrival(sentry, report(sentry.machine, times, sequence=sequence, after=NOW - 7200))
        verbs = _verbs(world, sent)
        # Only what is the first of its epoch may have to look.
        assert verbs == ["write"] or sequence == 1


def test_report_that_closes_a_block_is_two_writes(world: World, sentry: Sentry) -> None:
    """And in the first report of another hour the reads and the write of one rollup."""
    before, first, second = block([HOUR + 3590.0]), block([HOUR + 3600.0]), block([HOUR + 3900.0])
    now = HOUR + 4200.0
    store_report(
        world.ports, arrival(sentry, report(sentry.machine, [HOUR + 3599.0], blocks=[before]), HOUR + 3599)
    )
    at_hour = report(sentry.machine, [now], blocks=[first], after=HOUR + 3590, sequence=2)
    verbs = _verbs(world, arrival(sentry, at_hour, now))
    assert [verb for verb in verbs if verb.startswith("write")] == ["write_all", "write_all", "write"]
    usual = report(sentry.machine, [now], blocks=[second], after=HOUR + 3600, sequence=3)
    assert _verbs(world, arrival(sentry, usual, now)) == ["write_all", "write"]


@pytest.mark.parametrize("epoch", [1, 2**22 - 1])
def test_largest_numbers_fit_a_signed_64_bit_integer(world: World, sentry: Sentry, epoch: int) -> None:
    longest = block([NOW - 7200 + 10 * n for n in range(720)])
    sent = report(sentry.machine, [NOW], blocks=[longest], epoch=epoch, sequence=2**40 - 1, specs=SPECS)
    store_report(world.ports, arrival(sentry, sent, 0.0))
    assert max(item.revision for item in world.store.items.values()) < 2**63


@pytest.mark.parametrize(("told_s", "counts_s"), [(60, 60), (3600, 3600), (86_400, 3600)])
def test_an_interval_counts_up_to_the_longest_that_a_farm_can_choose(
    world: World, sentry: Sentry, told_s: float, counts_s: float
) -> None:
    """Else an agent could put off for days that it is called offline."""
    world.report(sentry, report(sentry.machine, interval_s=told_s))
    assert world.latest(sentry).interval_s == counts_s
