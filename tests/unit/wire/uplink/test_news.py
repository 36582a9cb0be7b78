"""Events, orders and logs on their way: told until they arrived, hurried where somebody waits."""

from __future__ import annotations

import pytest

from tests.unit.wire.uplink.trips import SPECS, UNREACHABLE, Trip
from wire.assignments import AssignmentState, Step, StepState
from wire.messages import LogLines, MachineReport, Program, ReportReply, RigEvent
from wire.uplink.courier import Courier
from wire.uplink.failure import FailureKind, UplinkFailure
from wire.uplink.news import MOST_EVENTS, Bulletin

LOG = LogLines(4, "gpu", ("a line",))
PART = MachineReport("m1")


def event(number: int) -> RigEvent:
    return RigEvent(number, 1.0, "exited", "status 1")


class FakeNews:
    """The port `News`; forgets what is acknowledged."""

    def __init__(self, *events: int) -> None:
        self.waiting = tuple(map(event, events))
        self.done = 0
        self.answer: LogLines | None = None
        self.replies: list[ReportReply] = []
        self.misses = 0
        self.assigned: AssignmentState | None = None

    def events(self) -> tuple[RigEvent, ...]:
        return self.waiting

    def acknowledge(self, last: int) -> None:
        self.waiting = tuple(each for each in self.waiting if each.id > last)

    def orders_done(self) -> int:
        return self.done

    def log(self) -> LogLines | None:
        return self.answer

    def log_told(self, log: LogLines) -> None:
        self.answer = None if self.answer is log else self.answer

    def take(self, reply: ReportReply) -> None:
        self.replies.append(reply)

    def missed(self) -> None:
        self.misses += 1

    def assignment(self) -> AssignmentState | None:
        return self.assigned


def ids(part: MachineReport) -> list[int]:
    return [each.id for each in part.events]


class TestEvents:
    def test_they_are_told_until_they_arrived(self) -> None:
        news = FakeNews(1, 2)
        bulletin = Bulletin(news)
        part = bulletin.added_to(PART)
        assert ids(part) == ids(bulletin.added_to(PART)) == [1, 2]
        bulletin.note_told(part)
        assert news.waiting == ()

    def test_one_that_came_meanwhile_waits_for_the_next(self) -> None:
        news = FakeNews(1)
        bulletin = Bulletin(news)
        part = bulletin.added_to(PART)
        news.waiting = (*news.waiting, event(2))
        bulletin.note_told(part)
        assert ids(bulletin.added_to(PART)) == [2]

    def test_a_hundred_in_a_report_oldest_first(self) -> None:
        news = FakeNews(*range(1, 251))
        bulletin = Bulletin(news)
        arrived: list[int] = []
        for _ in range(3):
            part = bulletin.added_to(PART)
            assert len(part.events) <= MOST_EVENTS
            arrived += ids(part)
            bulletin.note_told(part)
        assert arrived == list(range(1, 251))

    def test_what_is_not_yet_forgotten_is_not_told_twice(self) -> None:
        """Acknowledging is done in another thread, which may take its time."""
        news = FakeNews(1, 2)
        bulletin = Bulletin(news)
        bulletin.note_told(bulletin.added_to(PART))
        news.waiting = (event(1), event(2), event(3))
        assert ids(bulletin.added_to(PART)) == [3]

    def test_one_that_is_refused_is_left_out_and_the_others_go(self) -> None:
        news = FakeNews(1, 2, 3)
        bulletin = Bulletin(news)
        assert bulletin.note_refused(bulletin.added_to(PART), "machines[0].events[1].reason")
        part = bulletin.added_to(PART)
        assert ids(part) == [1, 3]
        bulletin.note_told(part)
        assert news.waiting == ()

    def test_refused_ones_alone_do_not_stay_for_ever(self) -> None:
        news = FakeNews(1, 2)
        bulletin = Bulletin(news)
        assert bulletin.note_refused(bulletin.added_to(PART), "machines[0].events")
        assert (ids(bulletin.added_to(PART)), news.waiting) == ([], ())

    @pytest.mark.parametrize("field", ["machines[0].events[7]", "machines[0].events"])
    def test_a_place_that_is_not_there_blames_all_or_none(self, field: str) -> None:
        assert Bulletin(FakeNews(1)).note_refused(Bulletin(FakeNews(1)).added_to(PART), field)
        assert not Bulletin(FakeNews()).note_refused(PART, field)


def trip_with(news: FakeNews) -> Trip:
    """Its first report was just sent; the next is due in 60 s."""
    trip = Trip()
    first = trip.courier
    trip.courier = Courier(
        trip.uplink,
        first._origin,
        first.backlog,
        now=trip.moments,
        backoff=first._backoff,
        cadence=first.cadence,
        news=news,
    )
    trip.courier.describe(SPECS, ())
    trip.live(1)
    return trip


class TestHurry:
    def test_an_order_that_is_done_hurries_and_events_alone_do_not(self) -> None:
        news = FakeNews()
        trip = trip_with(news)
        news.waiting = (event(1),)
        trip.live(20)
        assert len(trip.uplink.accepted) == 1
        news.done = 7
        trip.live(20)
        part = trip.uplink.accepted[-1].machines[0]
        assert (len(trip.uplink.accepted), part.orders_done, ids(part)) == (2, 7, [1])
        trip.live(10)
        assert len(trip.uplink.accepted) == 2

    def test_a_log_hurries_until_it_arrived(self) -> None:
        news = FakeNews()
        trip = trip_with(news)
        news.answer = LOG
        trip.uplink.scripted.append(UNREACHABLE)
        trip.live(30)
        assert trip.uplink.accepted[-1].machines[0].log == LOG
        assert news.answer is None

    def test_somebody_who_waits_is_not_counted_by_the_hour(self) -> None:
        news = FakeNews()
        trip = trip_with(news)
        for number in range(1, 21):
            news.done = number
            trip.live(12)
        done = [report.machines[0].orders_done for report in trip.uplink.accepted]
        assert done[-1] == 20
        assert len(set(done)) >= 18

    def test_another_state_of_a_program_hurries_and_its_figures_do_not(self) -> None:
        trip = trip_with(FakeNews())
        program = Program("gpu", "xmrig", "running", accepted=1)
        trip.courier.describe(SPECS, (), (), (program,))
        trip.live(20)
        assert trip.uplink.accepted[-1].machines[0].programs == (program,)
        count = len(trip.uplink.accepted)
        trip.courier.describe(SPECS, (), (), (Program("gpu", "xmrig", "running", accepted=2),))
        trip.live(20)
        assert len(trip.uplink.accepted) == count
        trip.courier.describe(SPECS, (), (), (Program("gpu", "xmrig", "crash_loop"),))
        trip.live(15)
        assert trip.uplink.accepted[-1].machines[0].programs[0].state == "crash_loop"

    def test_replies_are_passed_on(self) -> None:
        news = FakeNews()
        trip = trip_with(news)
        assert [reply.sequence for reply in news.replies] == [0]
        assert trip.uplink.accepted[0].machines[0].orders_done == 0


@pytest.mark.parametrize("name", ["events[0].reason", "events", "log.lines", "programs[0].state"])
def test_a_refusal_costs_no_sample_and_does_not_go_on(name: str) -> None:
    news = FakeNews()
    trip = trip_with(news)
    trip.courier.describe(SPECS, (), (), (Program("gpu", "xmrig", "running"),))
    news.answer, news.waiting = LOG, (event(3), event(4))
    failure = UplinkFailure(FailureKind.REFUSED, "No.", field=f"machines[0].{name}")
    trip.uplink.scripted.append(failure)
    trip.live(200)
    assert (trip.backlog.refused, trip.backlog.dropped) == (1, 0)
    assert not news.waiting
    assert trip.arrived() == trip.true_times[: len(trip.arrived())]


def _state(revision: int, state: StepState = StepState.RUNNING, done: int | None = None) -> AssignmentState:
    return AssignmentState(1, revision, steps=(Step("download", state, "gpu", at=1.0, done=done),))


class TestAssignment:
    def test_it_goes_with_each_newest_state(self) -> None:
        news = FakeNews()
        news.assigned = _state(1)
        assert Bulletin(news).added_to(PART).assignment == _state(1)

    def test_a_change_hurries_and_the_bytes_of_a_download_do_not(self) -> None:
        news = FakeNews()
        news.assigned = _state(1)
        bulletin = Bulletin(news)
        assert not bulletin.changed
        bulletin.note_told(bulletin.added_to(PART))
        assert not bulletin.changed
        news.assigned = _state(1, done=500)
        assert not bulletin.changed
        news.assigned = _state(1, StepState.DONE)
        assert bulletin.changed
        bulletin.note_told(bulletin.added_to(PART))
        assert not bulletin.changed

    def test_one_that_is_refused_is_not_told_again(self) -> None:
        news = FakeNews()
        news.assigned = _state(1)
        bulletin = Bulletin(news)
        assert bulletin.note_refused(bulletin.added_to(PART), "machines[0].assignment.steps[0].what")
        assert bulletin.added_to(PART).assignment is None
        news.assigned = _state(2)
        assert bulletin.added_to(PART).assignment == _state(2)
        assert not bulletin.note_refused(PART, "machines[0].assignment")


def test_each_report_that_fails_is_told_to_whoever_waits_for_replies() -> None:
    news = FakeNews()
    trip = trip_with(news)
    trip.uplink.down = UNREACHABLE
    trip.live(600)
    assert news.misses == len(trip.uplink.attempts) - 1 > 3


def test_a_step_that_is_done_does_not_wait_for_the_cadence() -> None:
    news = FakeNews()
    news.assigned = _state(1)
    trip = trip_with(news)
    trip.live(20)
    assert len(trip.uplink.accepted) == 1
    news.assigned = _state(1, StepState.DONE)
    trip.live(20)
    assert trip.uplink.accepted[-1].machines[0].assignment == _state(1, StepState.DONE)
