"""What the supervisor does around a run: starts, adopts, obeys the owner, ends what must end."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from edge_sentry.supervisor.events import Kind, Level
from edge_sentry.supervisor.playbook import Watched
from edge_sentry.supervisor.processes import Force, Process
from edge_sentry.supervisor.view import State
from tests.unit.edge_sentry.supervisor.fakes import Rig, playbook


class TestAssigning:
    def test_what_is_assigned_starts(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path, playbook("cpu"), playbook("gpu"))
        assert rig.processes.started == [("cpu", 1), ("gpu", 1)]
        assert [view.state for view in rig.supervisor.views()] == [State.RUNNING] * 2

    def test_an_unchanged_one_keeps_its_pid(self, rig: Rig) -> None:
        pid = rig.pid()
        rig.assign(playbook(warm_up_s=5.0), playbook("cpu"))
        rig.pass_s(30)
        assert rig.pid() == pid
        assert rig.pid("cpu") is not None
        assert rig.supervisor.revision == 2

    def test_another_version_replaces_it(self, rig: Rig) -> None:
        pid = rig.pid()
        rig.assign(playbook(version=2))
        rig.pass_s(5)
        assert rig.processes.started == [("gpu", 1), ("gpu", 2)]
        assert rig.pid() not in (None, pid)
        assert "version 2 replaces version 1" in rig.events(Kind.STOPPED)[0].reason

    def test_one_that_is_dropped_ends_and_leaves_nothing(self, rig: Rig) -> None:
        rig.assign()
        rig.pass_s(3)
        assert rig.processes.runs == {}
        assert rig.supervisor.views() == ()
        assert list((rig.folder / "mining" / "runs").iterdir()) == []

    def test_others_wait_until_a_dropped_one_has_left_its_cards(self, rig: Rig) -> None:
        rig.processes.obeys = Force.KILL
        rig.assign(playbook("other"))
        rig.pass_s(10)
        assert "other" not in rig.processes.runs
        rig.pass_s(10)
        assert set(rig.processes.runs) == {"other"}

    def test_another_version_begins_without_the_failures_of_the_last(self, rig: Rig) -> None:
        rig.says(pool_connected=False)
        for _ in range(5):
            rig.pass_s(61)
            rig.processes.exit("gpu", 1)
        rig.pass_s(1)
        assert rig.view().state is State.CRASH_LOOP
        rig.assign(playbook(version=2))
        rig.pass_s(2)
        assert rig.view().state is State.RUNNING
        assert rig.view().ends == 0
        assert rig.kinds()[-2:] == ["crash_loop over", "started"]

    def test_an_assignment_that_cannot_be_kept_changes_nothing(self, rig: Rig) -> None:
        (rig.folder / "mining" / "assignment.json").unlink()
        (rig.folder / "mining" / "assignment.json").mkdir()
        with pytest.raises(OSError, match="directory"):
            rig.assign(playbook(version=2))
        rig.pass_s(5)
        assert rig.supervisor.revision == 1
        assert rig.starts == 1


class TestAgentRestarted:
    def test_adopts_what_runs(self, rig: Rig) -> None:
        pid = rig.pid()
        rig.restart_agent()
        rig.pass_s(600)
        assert rig.pid() == pid
        assert rig.starts == 1
        (event,) = rig.events(Kind.ADOPTED)
        assert f"pid {pid}" in event.reason
        assert rig.supervisor.pids("gpu") == {pid}

    def test_at_boot_starts_the_last_assignment(self, rig: Rig) -> None:
        rig.processes.runs.clear()
        rig.processes.boot_id = "second"
        rig.restart_agent()
        rig.pass_s(1)
        assert rig.starts == 2
        assert rig.kinds()[-1] == "started"

    @pytest.mark.parametrize("content", [None, b"", b"{broken"])
    def test_without_a_readable_assignment_goes_on_with_what_was_started(
        self, rig: Rig, content: bytes | None
    ) -> None:
        path = rig.folder / "mining" / "assignment.json"
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        pid = rig.pid()
        rig.restart_agent()
        rig.pass_s(60)
        assert rig.pid() == pid
        rig.processes.exit("gpu", 1)
        rig.pass_s(10)
        assert rig.starts == 2

    def test_one_that_ended_meanwhile_starts_again_and_is_told(self, rig: Rig) -> None:
        rig.processes.exit("gpu", 42)
        rig.restart_agent()
        rig.pass_s(1)
        (event,) = rig.events(Kind.EXITED)
        assert "status 42" in event.reason
        assert "agent was away" in event.reason
        rig.pass_s(5)
        assert rig.starts == 2

    def test_an_end_is_told_once(self, rig: Rig) -> None:
        rig.supervisor.stop("gpu")
        rig.pass_s(3)
        rig.restart_agent()
        rig.pass_s(3)
        assert rig.events(Kind.EXITED) == []
        assert len(rig.events(Kind.STOPPED)) == 1

    def test_a_change_that_was_under_way_is_finished(self, rig: Rig) -> None:
        rig.assign(playbook(version=2))
        rig.restart_agent()
        rig.pass_s(5)
        assert rig.processes.started == [("gpu", 1), ("gpu", 2)]

    def test_a_dropped_one_that_still_runs_ends(self, rig: Rig) -> None:
        rig.assign()
        rig.restart_agent()
        rig.pass_s(5)
        assert rig.processes.runs == {}

    def test_what_an_interrupted_stop_left_is_ended(self, rig: Rig) -> None:
        rig.processes.exit("gpu", 0)
        rig.processes.left["gpu"] = frozenset({Process(999, 1)})
        rig.restart_agent()
        rig.pass_s(10)
        assert rig.processes.left == {}
        assert rig.starts == 2

    def test_an_adopted_one_is_given_time_before_it_is_judged(self, rig: Rig) -> None:
        rig.readings.says.clear()
        rig.restart_agent()
        rig.pass_s(100)
        rig.healthy()
        rig.pass_s(100)
        assert rig.starts == 1


class TestStopping:
    def forces(self, rig: Rig) -> list[Force]:
        return [force for _, force in rig.processes.signals]

    def test_asks_once_insists_once_then_kills(self, rig: Rig) -> None:
        rig.processes.obeys = Force.KILL
        rig.supervisor.stop("gpu")
        rig.pass_s(14)
        assert self.forces(rig) == [Force.ASK, Force.INSIST]
        rig.pass_s(4)
        assert self.forces(rig) == [Force.ASK, Force.INSIST, Force.KILL]
        assert "(killed)" in rig.events(Kind.STOPPED)[0].reason

    def test_one_that_cannot_be_killed_is_told_and_no_second_is_started(self, rig: Rig) -> None:
        rig.processes.obeys = _NOTHING
        rig.supervisor.restart("gpu")
        rig.pass_s(120)
        (event,) = rig.events(Kind.CANNOT_BE_KILLED)
        assert event.level is Level.CRITICAL
        assert rig.starts == 1
        assert rig.machine.reboots == 0
        rig.processes.obeys = Force.KILL
        rig.pass_s(5)
        assert rig.starts == 2

    def test_a_reboot_is_for_that_too(self, rig: Rig) -> None:
        rig.assign(playbook(), reboot_allowed=True)
        rig.processes.obeys = _NOTHING
        rig.supervisor.stop("gpu")
        rig.pass_s(60)
        assert rig.machine.reboots == 1


_NOTHING = 99  # no force makes it end


class TestRefused:
    def test_a_port_in_use_is_told_once_and_tried_again(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path)
        rig.neighbours.ports = {4067}
        rig.assign(playbook(api_port=4067))
        rig.pass_s(100)
        assert rig.starts == 0
        assert rig.view().state is State.REFUSED
        assert len(rig.events(Kind.REFUSED)) == 1
        rig.neighbours.ports = set()
        rig.pass_s(31)
        assert rig.starts == 1
        assert rig.kinds()[-2:] == ["refused over", "started"]

    def test_a_program_of_somebody_else_refuses_until_the_take_over_is_confirmed(
        self, tmp_path: Path
    ) -> None:
        rig = Rig(tmp_path)
        rig.neighbours.programs = {"lolMiner"}
        watched = Watched(id="other", program="lolminer", executable="lolMiner")
        rig.assign(playbook(), watched=(watched,))
        rig.pass_s(40)
        assert rig.starts == 0
        assert "somebody else" in rig.view().reason
        rig.supervisor.start("gpu", take_over=True)
        rig.pass_s(1)
        assert rig.starts == 1
        assert rig.processes.signals == []
        rig.processes.exit("gpu", 1)
        rig.pass_s(10)
        assert rig.starts == 2

    def test_what_is_only_watched_is_never_started_nor_stopped(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path)
        rig.assign(watched=(Watched(id="other", program="lolminer", executable="lolMiner"),))
        rig.pass_s(60)
        assert rig.supervisor.views() == ()
        assert [each.id for each in rig.supervisor.watched] == ["other"]
        assert not rig.supervisor.stop("other")
        assert rig.processes.signals == []


class TestStartFails:
    def test_is_told_and_tried_again_ever_later(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path)
        rig.processes.fails = OSError(errno.ENOENT, "No such file or directory")
        rig.assign(playbook())
        rig.pass_s(30)
        assert "No such file" in rig.events(Kind.START_FAILED)[0].reason
        assert rig.view().state is State.WAITING
        rig.processes.fails = None
        rig.pass_s(60)
        assert rig.view().state is State.RUNNING

    def test_what_was_overlooked_and_holds_the_lock_is_looked_for(self, rig: Rig) -> None:
        rig.processes.exit("gpu", 1)
        rig.pass_s(1)
        rig.processes.left["gpu"] = frozenset({Process(999, 1)})
        rig.pass_s(20)
        assert rig.processes.left == {}
        assert rig.view().state is State.RUNNING


class TestEvents:
    def test_are_kept_until_acknowledged_over_restarts(self, rig: Rig) -> None:
        rig.supervisor.restart("gpu")
        rig.pass_s(5)
        before = rig.supervisor.events()
        rig.restart_agent()
        assert rig.supervisor.events() == before
        rig.supervisor.acknowledge(before[1].id)
        rig.pass_s(1)
        rig.restart_agent()
        assert [event.id for event in rig.supervisor.events()][: len(before) - 2] == [
            event.id for event in before[2:]
        ]

    def test_their_numbers_rise_though_the_file_is_lost(self, rig: Rig) -> None:
        last = rig.supervisor.events()[-1].id
        (rig.folder / "mining" / "events.json").unlink()
        rig.restart_agent()
        rig.pass_s(1)
        assert rig.supervisor.events()[0].id > last


class TestTrouble:
    def test_of_one_playbook_is_not_the_others(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path, playbook("a"), playbook("b"))
        rig.readings.says["a"] = {"api": "readable", "hashrates": None}
        rig.pass_s(100)
        rig.processes.exit("b", 1)
        rig.pass_s(10)
        assert rig.supervisor.mishaps > 0
        assert rig.processes.started.count(("b", 1)) == 2

    def test_a_full_disk_does_not_end_mining(self, rig: Rig) -> None:
        for name in ("events.json", "wishes.json"):
            (rig.folder / "mining" / name).unlink(missing_ok=True)
            (rig.folder / "mining" / name).mkdir()
        rig.supervisor.restart("gpu")
        rig.pass_s(10)
        assert rig.starts == 2
        assert rig.view().state is State.RUNNING

    def test_a_view_tells_what_runs(self, rig: Rig) -> None:
        view = rig.view()
        assert (view.version, view.running_version) == (1, 1)
        assert view.running_s == 300.0

    def test_looks_sooner_while_something_ends(self, rig: Rig) -> None:
        assert rig.supervisor.look() == 1.0
        rig.processes.obeys = Force.KILL
        rig.supervisor.stop("gpu")
        assert rig.supervisor.look() < 0.5
