"""One reading of one program: believed from its own process alone, or taken from its log."""

from __future__ import annotations

import pytest

from edge_sentry.agent.doorkeeper import Doorkeeper
from edge_sentry.agent.program_reader import ProgramReader
from edge_sentry.agent.readers import Target
from edge_sentry.miners.listener import Listener
from edge_sentry.miners.normal_form import Algorithm, MinerReading, State, Trouble
from edge_sentry.supervisor.facts import Api
from tests.fakes.moments import FakeMoments

GOOD = MinerReading(miner="xmrig", read_at=1.0, algorithms=(Algorithm(name="x", hashrate=5.0),))
BAD = MinerReading(
    miner="xmrig", read_at=1.0, state=State.API_DOWN, trouble=Trouble.NOT_READABLE, reason="cut off"
)
OURS = Target("gpu", "xmrig", 7, managed=True, run=100)


class NoLogs:
    def last_lines(self, _playbook: str, _count: int) -> list[str]:
        return []

    def log_grown_bytes(self, _playbook: str) -> int:
        return 0


class Place:
    """A program that answers; pid 100 is of the run."""

    def __init__(self) -> None:
        self.moments = FakeMoments()
        self.pid: int | None = 100
        self.pid_when_asked: int | None = None
        self.answer, self.asked = GOOD, 0
        self.tokens: list[str | None] = []
        keeper = Doorkeeper(
            lambda _: frozenset({100}), lambda _: Listener("127.0.0.1", self.pid, None), lambda *_: None
        )
        self.reader = ProgramReader(keeper, NoLogs(), self.moments, self._ask)

    def _ask(self, _miner: str, _port: int, token: str | None) -> MinerReading:
        self.asked += 1
        self.pid = self.pid_when_asked or self.pid
        self.tokens.append(token)
        return self.answer

    def read(self, target: Target = OURS) -> None:
        self.moments.advance(10)
        self.reader.read(target)

    def figures_at(self) -> float | None:
        """When they were told, steady."""
        seen = self.reader.seen.get("gpu")
        return None if seen is None or seen.told is None else seen.told_at


def test_what_it_says() -> None:
    place = Place()
    place.read()
    facts = place.reader.facts("gpu")
    assert facts is not None
    assert (facts.api, facts.hashrates, facts.at) == (Api.READABLE, {"x": 5.0}, place.moments.steady)


def test_a_stranger_is_not_even_asked() -> None:
    place = Place()
    place.pid = 7
    place.read()
    facts = place.reader.facts("gpu")
    assert facts is not None
    assert (facts.api, facts.reason) == (Api.UNREADABLE, "another process (pid 7) answers on its port")
    assert (place.asked, place.figures_at()) == (0, None)


def test_a_stranger_that_took_the_port_before_it_was_asked_is_not_believed() -> None:
    place = Place()
    place.pid_when_asked = 7
    place.read()
    facts = place.reader.facts("gpu")
    assert facts is not None
    assert (facts.api, facts.reason) == (Api.UNREADABLE, "another process (pid 7) answers on its port")
    assert (place.asked, place.figures_at()) == (1, None)


@pytest.mark.parametrize("pid", [7, None])
def test_of_a_watched_one_whoever_answers_is_believed(pid: int | None) -> None:
    """It is somebody else's, so the system may not show its pid."""
    place = Place()
    place.pid = pid
    place.read(Target("gpu", "xmrig", 7, managed=False))
    assert place.figures_at() is not None


def test_of_ours_the_pid_is_needed() -> None:
    place = Place()
    place.pid = None
    place.read()
    facts = place.reader.facts("gpu")
    assert facts is not None
    assert "that cannot be seen" in (facts.reason or "")
    assert (place.asked, place.figures_at()) == (0, None)


def test_it_is_asked_with_its_token() -> None:
    place = Place()
    place.read(OURS._replace(token="let-me-in"))
    place.read()
    assert place.tokens == ["let-me-in", None]


def test_figures_are_kept_with_their_time_while_it_cannot_be_read() -> None:
    place = Place()
    place.read()
    at = place.figures_at()
    place.answer = BAD
    place.read()
    assert (place.figures_at(), place.reader.seen["gpu"].newest) == (at, BAD)
    place.read(OURS._replace(run=200))
    assert place.figures_at() is None


def test_what_is_no_longer_read_is_forgotten() -> None:
    place = Place()
    place.read()
    place.reader.keep_only(set())
    assert place.reader.facts("gpu") is None
