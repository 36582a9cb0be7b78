"""What is known of each program, put together, and what of it is to be read."""

from __future__ import annotations

from typing import Any

from edge_sentry.agent.program_reader import Seen
from edge_sentry.agent.readers import Target
from edge_sentry.agent.sights import MOST, sights_of, targets_of
from edge_sentry.miners.normal_form import MinerReading, Trouble
from edge_sentry.miners.normal_form import State as ApiState
from edge_sentry.supervisor.playbook import Watched
from edge_sentry.supervisor.told import facts_of
from edge_sentry.supervisor.view import PlaybookView, State
from tests.unit.edge_sentry.supervisor.fakes import playbook

KNOWN = ("xmrig", "t-rex")
READ = MinerReading(miner="xmrig", read_at=1.0, state=ApiState.MINING)
DOWN = MinerReading(
    miner="xmrig", read_at=1.0, state=ApiState.API_DOWN, trouble=Trouble.NO_ANSWER, reason="it did not answer"
)
GONE = MinerReading(
    miner="xmrig", read_at=1.0, state=ApiState.API_DOWN, trouble=Trouble.NOTHING_LISTENS, reason="nobody"
)


def view(state: State = State.RUNNING, pid: int | None = 100, **more: Any) -> PlaybookView:
    fixed: dict[str, Any] = {"id": "gpu", "program": "xmrig", "reason": "", "version": 1}
    return PlaybookView(state=state, pid=pid, **{**fixed, **more})


def seen(newest: MinerReading = READ, run: int = 100, told: MinerReading | None = READ) -> Seen:
    return Seen(Target("gpu", "xmrig", 7, managed=True, run=run), newest, facts_of(newest, 5.0), told, 5.0)


class TestOurs:
    def test_with_what_was_read_of_this_run(self) -> None:
        (sight,) = sights_of([view()], (), {"gpu": seen()}, KNOWN, 9.0)
        assert (sight.hashes, sight.reading, sight.age_s) == (True, READ, 4.0)
        assert (sight.program.state, sight.program.reason, sight.program.managed) == ("running", "", True)

    def test_of_another_run_nothing(self) -> None:
        (sight,) = sights_of([view()], (), {"gpu": seen(DOWN, run=99)}, KNOWN, 9.0)
        assert (sight.reading, sight.program.reason) == (None, "")

    def test_why_it_cannot_be_read(self) -> None:
        (sight,) = sights_of([view()], (), {"gpu": seen(DOWN)}, KNOWN, 9.0)
        assert (sight.program.state, sight.program.reason) == ("running", "it did not answer")
        assert sight.reading is READ

    def test_one_that_does_not_run_has_the_supervisors_reason(self) -> None:
        stopped = view(State.CRASH_LOOP, None, reason="it ended 5 times " * 20)
        (sight,) = sights_of([stopped], (), {"gpu": seen(DOWN)}, KNOWN, 9.0)
        assert (sight.program.state, sight.hashes) == ("crash_loop", False)
        assert sight.program.reason == stopped.reason[:200]


class TestWatched:
    def sight(self, newest: MinerReading | None, program: str = "xmrig", port: int | None = 7) -> Any:
        watched = Watched(id="mine", program=program, api_port=port)
        known = {} if newest is None else {"mine": seen(newest)}
        (found,) = sights_of((), [watched], known, KNOWN, 9.0)
        assert not found.program.managed
        return found

    def test_its_own_words(self) -> None:
        assert self.sight(READ).program.state == "mining"
        assert self.sight(None).program.state == "starting"
        assert self.sight(DOWN).program.reason == "it did not answer"

    def test_only_where_nobody_listens_it_is_known_to_be_gone(self) -> None:
        assert (self.sight(READ).hashes, self.sight(DOWN).hashes, self.sight(GONE).hashes) == (
            True,
            True,
            False,
        )

    def test_one_that_nobody_knows_is_refused_with_the_reason(self) -> None:
        found = self.sight(None, program="nonsense")
        assert found.program.state == "refused"
        assert "'nonsense'" in found.program.reason
        assert "port" in self.sight(None, port=None).program.reason


class TestTargets:
    def test_what_runs_and_what_is_watched(self) -> None:
        running = [playbook("gpu", program="xmrig", api_port=7), playbook("cpu", program="xmrig", api_port=8)]
        watched = [Watched(id="mine", program="t-rex", api_port=9), Watched(id="odd", program="nonsense")]
        assert targets_of(running, [view(), view(id="cpu", pid=None)], watched, KNOWN) == (
            Target("gpu", "xmrig", 7, managed=True, run=100),
            Target("mine", "t-rex", 9, managed=False),
        )

    def test_its_token_goes_along(self) -> None:
        (found,) = targets_of(
            [playbook(program="xmrig", api_port=7, api_token="let-me-in")], [view()], (), KNOWN
        )
        assert found.token == "let-me-in"

    def test_one_without_an_api_is_read_by_its_log_where_that_tells(self) -> None:
        views = [view(id=name, pid=1) for name in ("a", "b", "c")]
        running = [
            playbook("a", program="generic"),
            playbook("b", program="generic", hashrate_after="speed"),
            playbook("c", program="xmrig", hashrate_after=""),
        ]
        found = targets_of(running, views, (), KNOWN)
        assert [(each.id, each.port, each.hashrate_after) for each in found] == [
            ("b", None, "speed"),
            ("c", None, ""),
        ]

    def test_one_that_is_watched_on_the_port_of_ours_would_count_twice(self) -> None:
        watched = [Watched(id="mine", program="xmrig", api_port=7)]
        found = targets_of([playbook("gpu", program="xmrig", api_port=7)], [view()], watched, KNOWN)
        assert [each.id for each in found] == ["gpu"]

    def test_no_more_than_a_report_has_room_for(self) -> None:
        many = [Watched(id=f"w{number}", program="xmrig", api_port=7) for number in range(30)]
        assert len(targets_of((), (), many, KNOWN)) == len(sights_of((), many, {}, KNOWN, 9.0)) == MOST
