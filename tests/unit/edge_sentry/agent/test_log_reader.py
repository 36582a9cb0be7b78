"""The hashrate of a program without an API: from its log, as long as that grows."""

from __future__ import annotations

from edge_sentry.agent.doorkeeper import Doorkeeper
from edge_sentry.agent.log_reader import LOG_FRESH_S, LOG_SILENT_S
from edge_sentry.agent.program_reader import ProgramReader
from edge_sentry.agent.readers import Target
from edge_sentry.supervisor.facts import Api, MinerFacts
from tests.fakes.moments import FakeMoments

TARGET = Target("gpu", "generic", None, managed=True, run=100, hashrate_after="speed")


class Place:
    """A program that writes a log; a follower counts its bytes."""

    def __init__(self, *lines: str) -> None:
        self.moments = FakeMoments()
        self.lines: list[str] = []
        self.grown_bytes = 0
        self.write(*lines)
        keeper = Doorkeeper(lambda _: frozenset(), lambda _: None, lambda *_: None)
        self.reader = ProgramReader(keeper, self, self.moments)

    def write(self, *lines: str) -> None:
        self.lines = [*self.lines, *lines][-60:]
        self.grown_bytes += sum(len(line) + 1 for line in lines)

    def last_lines(self, _playbook: str, _count: int) -> list[str]:
        return self.lines

    def log_grown_bytes(self, _playbook: str) -> int:
        return self.grown_bytes

    def read(self, target: Target = TARGET) -> None:
        self.moments.advance(10)
        self.reader.read(target)

    def silent_for(self, seconds: float) -> None:
        for _ in range(int(seconds // 10)):
            self.read()

    def figures_at(self) -> float | None:
        """When they were told, steady."""
        seen = self.reader.seen.get("gpu")
        return None if seen is None or seen.told is None else seen.told_at

    def facts(self) -> MinerFacts:
        facts = self.reader.facts("gpu")
        assert facts is not None
        return facts


def test_the_newest_hashrate_of_this_run() -> None:
    place = Place("speed 9 MH/s", "--- started: version 1 of generic", "connected")
    place.read()
    assert place.reader.facts("gpu") is None
    place.write("speed 5 kH/s", "accepted")
    place.read()
    assert place.facts().hashrates == {"algorithm 1": 5000.0}


def test_a_log_that_stands_still_tells_nothing_new() -> None:
    place = Place("speed 5 kH/s")
    place.silent_for(600)
    at = place.figures_at()
    assert at is not None
    assert place.moments.steady - at >= 600 - LOG_FRESH_S - 20
    place.write("speed 5 kH/s")
    place.read()
    assert place.figures_at() == place.moments.steady


def test_a_log_of_lines_that_repeat_grows() -> None:
    place = Place()
    for _ in range(100):
        place.write(*["speed 10.00 MH/s"] * 20)
        place.read()
    assert place.figures_at() == place.moments.steady


def test_a_program_that_fell_silent_gives_no_answer() -> None:
    place = Place("speed 5 kH/s")
    place.silent_for(LOG_SILENT_S)
    assert place.facts().api is Api.READABLE
    place.silent_for(30)
    assert (place.facts().api, place.facts().reason) == (Api.SILENT, "its log says nothing new")
    place.write("speed 5 kH/s")
    place.read()
    assert place.facts().api is Api.READABLE


def test_who_writes_seldom_may_be_silent_for_longer() -> None:
    place = Place("speed 5 kH/s")
    place.silent_for(500)
    place.write("speed 5 kH/s")
    place.silent_for(3 * 500)
    assert place.facts().api is Api.READABLE
    place.silent_for(60)
    assert place.facts().api is Api.SILENT


def test_who_never_wrote_a_hashrate_is_not_judged_by_its_silence() -> None:
    place = Place("connected")
    place.silent_for(1000)
    assert place.reader.facts("gpu") is None


def test_a_new_run_has_its_own_time() -> None:
    place = Place("speed 5 kH/s")
    place.silent_for(400)
    assert place.facts().api is Api.SILENT
    place.write("--- started: version 1 of generic")
    after = TARGET._replace(run=200)
    for _ in range(100):
        place.read(after)
    assert place.reader.seen["gpu"].target == TARGET
