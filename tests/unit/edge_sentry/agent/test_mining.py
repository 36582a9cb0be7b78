"""The mining part over a supervisor on fakes: what it finds, tells and obeys, a step at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_sentry.agent.mining import LATE_S, MISHAP_PAUSE_S, MiningPart, rig_event
from edge_sentry.miners.listener import Listener, listener_on
from edge_sentry.reading import CardEvent, Reading
from edge_sentry.supervisor.events import Event, Kind, Level
from edge_sentry.supervisor.facts import Readings
from edge_sentry.supervisor.minder import Ports
from edge_sentry.supervisor.playbook import Assignment, Playbook, load_assignment
from edge_sentry.supervisor.supervisor import Supervisor
from tests.fakes import miner_api
from tests.fakes.moments import FakeMoments
from tests.system.processes import wait_for
from tests.unit.edge_sentry.miners.recordings import BY_FOLDER
from tests.unit.edge_sentry.supervisor.fakes import FakeMachine, FakeNeighbours, FakeProcesses, playbook
from wire.messages import Action, Device, EventLevel, Order, ReportReply, RigEvent, WatchedProgram

CARD = Reading(devices=(Device("gpu-1", address="0000:01:00.0"),), values={"cpu_load_pct": 5.0})


class Place:
    """A rig's folder with a mining part on it; `work` is called by the test."""

    def __init__(self, folder: Path, *playbooks: Playbook) -> None:
        self.folder = folder
        self.moments = FakeMoments()
        self.processes = FakeProcesses(lambda: self.moments.steady)
        self.neighbours = FakeNeighbours()
        self.listener: Listener | None = None
        if playbooks:
            self._supervise_on(Assignment(revision=1, playbooks=playbooks))
        self.restart()

    def _supervise_on(self, assignment: Assignment) -> None:
        ports = Ports(self.processes, self.neighbours, NoReadings())
        Supervisor(self.folder, ports, FakeMachine(), now=self.moments).assign(assignment)

    def restart(self) -> None:
        found = self.listener
        look = listener_on if found is None else lambda _: found
        self.part = MiningPart(self.folder, "m1", self._supervise, now=self.moments, listener=look)

    def _supervise(self, readings: Readings) -> Supervisor:
        ports = Ports(self.processes, self.neighbours, readings)
        self.supervisor = Supervisor(self.folder, ports, FakeMachine(), now=self.moments)
        return self.supervisor

    def work(self, seconds: float = 1.0) -> float | None:
        self.moments.advance(seconds)
        return self.part.work()

    def reply(self, *orders: Order, watched: tuple[WatchedProgram, ...] | None = None) -> None:
        self.part.take(ReportReply(1, 1, 0.0, 10.0, 60.0, orders, watched))

    def states(self) -> dict[str, str]:
        return {each.program: each.state for each in self.part.findings().programs}

    def told(self) -> list[str]:
        return [event.kind for event in self.part.events()]


class NoReadings:
    """The port `Readings` of nobody."""

    def miner(self, playbook: str) -> None:
        return None

    def rig(self) -> None:
        return None


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, playbook())


@pytest.fixture
def api() -> Iterator[miner_api.FakeMinerApi]:
    recording = BY_FOLDER["xmrig-6.22.1"]
    pages = {"/2/summary": recording.replies[0] or b""}
    with miner_api.running(miner_api.pages(pages)) as running:
        yield running


def test_with_nothing_to_do_it_rests_until_asked(tmp_path: Path) -> None:
    place = Place(tmp_path)
    before = threading.active_count()
    assert place.work() is None
    assert threading.active_count() == before
    found = place.part.findings()
    assert (found.values, found.mining, found.programs, found.trouble) == ({}, (), (), None)


def test_with_something_to_do_it_looks_again_soon(place: Place) -> None:
    assert (place.work() or 99) <= 1.0
    assert place.states() == {"gpu": "running"}
    assert place.told() == ["started"]


def test_a_stopped_thread_is_noticed(place: Place) -> None:
    place.work()
    place.moments.advance(LATE_S - 1)
    assert place.part.findings().trouble is None
    place.moments.advance(2)
    assert "nobody has looked after the programs" in (place.part.findings().trouble or "")


def test_orders_and_events_go_through(place: Place) -> None:
    place.work()
    place.reply(Order(3, Action.STOP, "gpu"))
    assert place.part.orders_done() == 0
    place.work()
    place.work()
    assert place.part.orders_done() == 3
    assert place.states() == {"gpu": "stopped"}
    last = place.part.events()[-1].id
    place.part.acknowledge(last)
    place.work()
    assert place.part.events() == ()
    place.restart()
    place.work()
    assert (place.part.events(), place.part.orders_done()) == ((), 3)


def test_events_survive_a_restart_and_their_numbers_rise(place: Place) -> None:
    place.work()
    first = place.part.events()
    place.restart()
    place.work()
    assert place.part.events()[: len(first)] == first
    ids = [event.id for event in place.part.events()]
    assert ids == sorted(set(ids))
    assert place.told() == ["started", "adopted"]


def test_a_log_is_there_until_it_arrived(place: Place) -> None:
    place.work()
    place.reply(Order(1, Action.LOG, "gpu"))
    place.work()
    log = place.part.log()
    assert log is not None
    assert any("started" in line for line in log.lines)
    place.part.log_told(log)
    place.work()
    assert place.part.log() is None


def test_cards_are_told_to_the_supervisor_and_their_events_to_everybody(tmp_path: Path) -> None:
    place = Place(tmp_path)
    gone = CardEvent("gpu_gone", "it is not there", "gpu-2", None)
    place.part.learn(place.moments(), Reading(devices=CARD.devices, card_events=(gone,)))
    place.work()
    (event,) = place.part.events()
    assert (event.kind, event.level, event.subject, event.program) == (
        "gpu_gone",
        EventLevel.ALERT,
        "gpu-2",
        "",
    )
    rig = place.part.rig()
    assert rig is not None
    assert set(rig.gpus) == {"0000:01:00.0"}


def test_a_lost_card_is_told_without_any_program(tmp_path: Path) -> None:
    place = Place(tmp_path)
    lost = Reading(lost={"0000:01:00.0": "fell off the bus"})
    for _ in range(9):
        place.part.learn(place.moments(), lost)
        place.work(10)
    assert place.told() == ["gpu_lost"]


class TestWatched:
    def test_one_is_read_and_never_started(self, tmp_path: Path, api: miner_api.FakeMinerApi) -> None:
        place = Place(tmp_path)
        place.work()
        place.reply(watched=(WatchedProgram("mine", "xmrig", api.port),))
        place.work()
        wait_for("a reading", lambda: place.states() == {"mine": "mining"})
        found = place.part.findings()
        assert set(found.values) >= {"hashrate@rx/0", "accepted_shares@rx/0"}
        assert [row.algorithm for row in found.mining] == ["rx/0"]
        assert not found.programs[0].managed
        assert place.processes.started == []
        place.reply(watched=())
        place.work()
        assert place.states() == {}

    def test_it_is_watched_after_a_restart_without_network(self, place: Place) -> None:
        place.reply(watched=(WatchedProgram("mine", "nonsense", 1),))
        place.work()
        place.reply()
        place.restart()
        place.work()
        assert place.states() == {"gpu": "running", "mine": "refused"}

    def test_what_is_running_is_not_touched_by_it(self, place: Place) -> None:
        place.work()
        place.reply(watched=(WatchedProgram("mine", "nonsense", 1), WatchedProgram("gpu", "xmrig", 2)))
        place.work()
        assert place.states() == {"gpu": "running", "mine": "refused"}
        assert len(place.processes.started) == 1
        kept = load_assignment(place.folder / "mining")
        assert kept is not None
        assert [each.id for each in kept.watched] == ["mine"]

    def test_its_program_is_in_the_way_until_taken_over(self, place: Place) -> None:
        """Its executable is told by the reader, once it was read."""
        place.reply(watched=(WatchedProgram("mine", "xmrig", 1),))
        place.reply(Order(1, Action.STOP, "gpu"))
        for _ in range(3):
            place.work()
        place.part._note_executable("mine", "xmrig-of-others")
        place.neighbours.programs.add("xmrig-of-others")
        place.reply(Order(2, Action.START, "gpu"))
        for _ in range(3):
            place.work()
        assert place.states()["gpu"] == "refused"
        place.reply(Order(3, Action.START, "gpu", take_over=True))
        for _ in range(3):
            place.work()
        assert place.states()["gpu"] == "running"


class TestExposure:
    def told(self, place: Place) -> list[str]:
        place.work()
        return place.told()

    def test_an_api_for_every_address_is_an_event_once(
        self, tmp_path: Path, api: miner_api.FakeMinerApi
    ) -> None:
        """Of a program of ours: whatever the owner's script made of the flags that it was given."""
        place = Place(tmp_path, playbook(program="xmrig", api_port=api.port))
        place.listener = Listener("0.0.0.0", 101, None)
        place.restart()
        for _ in range(2):
            place.work()
        wait_for("it to be told", lambda: "api_exposed" in self.told(place))
        (event,) = [each for each in place.part.events() if each.kind == "api_exposed"]
        assert (event.level, event.program, event.over) == (EventLevel.ALERT, "gpu", False)

    def test_a_watched_one_of_another_user_too(self, tmp_path: Path, api: miner_api.FakeMinerApi) -> None:
        place = Place(tmp_path)
        place.listener = Listener("::", None, None)
        place.restart()
        place.reply(watched=(WatchedProgram("mine", "xmrig", api.port),))
        place.work()
        wait_for("it to be told", lambda: "api_exposed" in self.told(place))
        assert place.states() == {"mine": "mining"}
        assert place.supervisor.watched[0].executable == ""


class Failing:
    """As a supervisor in which something fails that nobody foresaw."""

    def look(self) -> float:
        raise ValueError("nobody foresaw it")


def test_a_mishap_is_counted_and_it_goes_on(place: Place) -> None:
    place.work()
    place.part._inbox.put(Failing().look)  # type: ignore[arg-type]
    place.work()
    assert place.part.mishaps == 1
    assert place.states() == {"gpu": "running"}


def test_after_a_failed_look_it_waits_a_little(place: Place) -> None:
    (place.folder / "mining" / "runs").rename(place.folder / "elsewhere")
    place.part._supervisor = Failing()  # type: ignore[assignment]
    assert place.part.work() == MISHAP_PAUSE_S


def test_an_event_as_the_wire_has_it() -> None:
    event = Event(
        id=5, at=-3.0, playbook="gpu", kind=Kind.TOO_HOT, reason="why", level=Level.CRITICAL, subject="x" * 90
    )
    assert rig_event(event) == RigEvent(
        5, 0.0, "too_hot", "why", EventLevel.CRITICAL, "gpu", "x" * 64, over=False
    )


@pytest.mark.timeout(60)
def test_a_supervisor_that_hangs_makes_nobody_wait(place: Place) -> None:
    """As on a disk that gives no answer: somebody holds its lock for ever."""
    place.work()
    release, held = threading.Event(), threading.Event()

    def hang() -> None:
        with place.supervisor._lock:
            held.set()
            release.wait(60)

    thread = threading.Thread(target=hang, daemon=True)
    thread.start()
    held.wait(60)
    place.moments.advance(LATE_S + 1)
    gone = CardEvent("gpu_gone", "it is not there", "gpu-2", None)
    place.part.learn(place.moments(), Reading(devices=CARD.devices, card_events=(gone,)))
    place.reply(Order(1, Action.STOP, "gpu"), watched=())
    place.part.acknowledge(place.part.events()[-1].id)
    found = place.part.findings()
    assert "nobody has looked" in (found.trouble or "")
    assert [each.state for each in found.programs] == ["running"]
    assert (place.part.orders_done(), place.part.log()) == (0, None)
    release.set()
    thread.join(60)
    place.work()
    place.work()
    assert place.states() == {"gpu": "stopped"}
    assert "gpu_gone" in place.told()


def test_a_wish_that_is_not_on_the_disk_is_told(place: Place) -> None:
    place.work()
    assert place.part.findings().trouble is None
    (place.folder / "mining" / "wishes.json").unlink()
    (place.folder / "mining" / "wishes.json").mkdir()
    place.reply(Order(1, Action.STOP, "gpu"))
    place.work()
    assert place.part.findings().trouble == "wishes not on disk"
    (place.folder / "mining" / "wishes.json").rmdir()
    place.work()
    assert place.part.findings().trouble is None
