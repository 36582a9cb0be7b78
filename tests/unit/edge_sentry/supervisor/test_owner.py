"""The owner's start, stop, pause and restart: obeyed, and over any restart of the agent."""

from __future__ import annotations

from edge_sentry.supervisor.events import Kind
from edge_sentry.supervisor.view import State
from tests.unit.edge_sentry.supervisor.fakes import Rig, playbook


class TestOwner:
    def test_stop_holds_over_restarts_until_start(self, rig: Rig) -> None:
        assert rig.supervisor.stop("gpu")
        rig.pass_s(5)
        assert rig.view().state is State.STOPPED
        rig.restart_agent()
        rig.pass_s(60)
        assert rig.starts == 1
        assert rig.view().state is State.STOPPED
        assert rig.supervisor.start("gpu")
        rig.pass_s(1)
        assert rig.view().state is State.RUNNING

    def test_a_new_version_does_not_end_a_stop(self, rig: Rig) -> None:
        rig.supervisor.stop("gpu")
        rig.assign(playbook(version=2))
        rig.pass_s(10)
        assert rig.starts == 1

    def test_a_pause_ends_by_itself_whatever_the_clock_says(self, rig: Rig) -> None:
        rig.supervisor.pause("gpu", 600)
        rig.pass_s(100)
        assert rig.view().state is State.PAUSED
        rig.moments.wall_off_s = 1e9
        rig.restart_agent()
        rig.pass_s(400)
        assert rig.view().state is State.PAUSED
        rig.moments.wall_off_s = -1e9
        rig.pass_s(200)
        assert rig.view().state is State.RUNNING
        assert "the pause is over" in [event.reason for event in rig.events(Kind.OWNER)]

    def test_a_pause_without_end_has_none(self, rig: Rig) -> None:
        rig.supervisor.pause("gpu")
        rig.pass_s(3000)
        assert rig.view().state is State.PAUSED

    def test_restart_is_one_new_start(self, rig: Rig) -> None:
        pid = rig.pid()
        rig.supervisor.restart("gpu")
        rig.pass_s(600)
        assert rig.starts == 2
        assert rig.pid() != pid
        assert rig.view().ends == 0

    def test_restart_survives_the_agent(self, rig: Rig) -> None:
        rig.supervisor.restart("gpu")
        rig.restart_agent()
        rig.pass_s(5)
        rig.restart_agent()
        rig.pass_s(60)
        assert rig.starts == 2

    def test_start_cuts_a_wait_short(self, rig: Rig) -> None:
        for _ in range(4):
            rig.processes.exit("gpu", 1)
            rig.pass_s(61)
        rig.processes.exit("gpu", 1)
        rig.pass_s(1)
        assert rig.view().state is State.CRASH_LOOP
        rig.supervisor.start("gpu")
        rig.pass_s(1)
        assert rig.view().state is State.RUNNING

    def test_stop_ends_what_was_told(self, rig: Rig) -> None:
        rig.says(pool_connected=False)
        rig.pass_s(400)
        rig.supervisor.stop("gpu")
        rig.pass_s(5)
        assert "pool_unreachable over" in rig.kinds()

    def test_start_of_what_runs_changes_nothing(self, rig: Rig) -> None:
        rig.supervisor.start("gpu")
        rig.pass_s(10)
        assert rig.starts == 1
        assert rig.events(Kind.OWNER) == []

    def test_an_unknown_playbook_is_said_to_be(self, rig: Rig) -> None:
        assert not rig.supervisor.stop("nothing")
        assert rig.supervisor.pids("nothing") == frozenset()
        assert rig.supervisor.last_lines("nothing", 10) == []

    def test_wishes_of_a_dropped_playbook_are_forgotten(self, rig: Rig) -> None:
        rig.supervisor.stop("gpu")
        rig.assign()
        rig.pass_s(5)
        rig.assign(playbook(), revision=3)
        rig.pass_s(5)
        assert rig.view().state is State.RUNNING
