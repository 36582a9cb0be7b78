"""What lies in the supervisor's folder may be damaged, copied or somebody else's: mining goes on."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edge_sentry.supervisor.events import Kind, Level
from edge_sentry.supervisor.view import State
from tests.unit.edge_sentry.supervisor.fakes import Rig, playbook


def mining(rig: Rig) -> Path:
    return rig.folder / "mining"


def run(rig: Rig, name: str = "gpu") -> Path:
    return mining(rig) / "runs" / name


class TestAssignmentUnreadable:
    def test_is_told_and_kept_for_a_person(self, rig: Rig) -> None:
        (mining(rig) / "assignment.json").write_bytes(b"{broken")
        rig.restart_agent()
        rig.pass_s(60)
        (event,) = rig.events(Kind.NOT_MINDED)
        assert (event.level, "assignment.json is damaged" in event.reason) == (Level.ALERT, True)
        assert (mining(rig) / "assignment.json.unreadable").read_bytes() == b"{broken"
        assert rig.starts == 1
        assert rig.view().state is State.RUNNING

    @pytest.mark.parametrize("assignment", [b"{broken", None])
    def test_with_its_record_what_runs_is_left_alone(self, rig: Rig, assignment: bytes | None) -> None:
        self._damage(rig, assignment)
        pid = rig.processes.runs["gpu"][0].pid
        for _ in range(2):
            rig.restart_agent()
            rig.pass_s(60)
            rig.supervisor.watch(())
        assert rig.processes.signals == []
        assert (rig.view().state, rig.view().pid) == (State.RUNNING, pid)
        assert run(rig).is_dir()

    def test_what_is_left_alone_can_be_stopped_but_not_started(self, rig: Rig) -> None:
        self._damage(rig, b"{broken")
        rig.restart_agent()
        rig.pass_s(5)
        assert not rig.supervisor.restart("gpu")
        assert rig.supervisor.stop("gpu")
        rig.pass_s(5)
        assert rig.view().state is State.STOPPED
        assert not rig.supervisor.start("gpu")

    def test_its_end_is_told_and_its_folder_stays(self, rig: Rig) -> None:
        self._damage(rig, b"{broken")
        rig.restart_agent()
        rig.pass_s(5)
        rig.processes.exit("gpu", 3)
        rig.pass_s(60)
        assert rig.events(Kind.EXITED)[-1].reason == "ended with status 3"
        assert run(rig).is_dir()
        assert rig.starts == 1

    def test_a_new_assignment_takes_it_over(self, rig: Rig) -> None:
        self._damage(rig, b"{broken")
        rig.restart_agent()
        rig.assign(playbook())
        rig.pass_s(30)
        assert (rig.view().state, rig.starts) == (State.RUNNING, 1)
        rig.assign()
        rig.pass_s(5)
        assert rig.processes.runs == {}

    def _damage(self, rig: Rig, assignment: bytes | None) -> None:
        path = mining(rig) / "assignment.json"
        path.unlink()
        if assignment is not None:
            path.write_bytes(assignment)
        (run(rig) / "lock").touch()
        (run(rig) / "record.json").write_bytes(b"{")


class TestFolders:
    def test_a_copy_of_a_run_is_none(self, rig: Rig) -> None:
        shutil.copytree(run(rig), run(rig, "gpu-old"))
        (mining(rig) / "assignment.json").write_bytes(b"{broken")
        rig.restart_agent()
        rig.pass_s(60)
        assert [view.id for view in rig.supervisor.views()] == ["gpu"]
        rig.assign(playbook())
        rig.restart_agent()
        rig.pass_s(60)
        assert (run(rig, "gpu-old") / "record.json").exists()

    def test_a_link_to_a_folder_is_nobodys_run(self, rig: Rig, tmp_path: Path) -> None:
        precious = tmp_path / "elsewhere"
        precious.mkdir()
        for name in ("lock", "log", "notes"):
            (precious / name).write_text("precious")
        run(rig, "x").symlink_to(precious)
        rig.restart_agent()
        rig.pass_s(5)
        assert len(list(precious.iterdir())) == 3

    def test_folders_of_people_stay(self, rig: Rig) -> None:
        for name in ("bak", "lost+found", "empty"):
            run(rig, name).mkdir()
        (run(rig, "bak") / "notes.txt").write_text("precious")
        rig.restart_agent()
        rig.pass_s(5)
        assert {path.name for path in run(rig).parent.iterdir()} == {"gpu", "bak", "lost+found", "empty"}

    def test_of_a_dropped_one_only_our_files_go(self, rig: Rig) -> None:
        (run(rig) / "notes.txt").write_text("precious")
        rig.assign()
        rig.pass_s(5)
        assert [path.name for path in run(rig).iterdir()] == ["notes.txt"]

    def test_one_that_never_started_can_be_dropped(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path)
        rig.neighbours.ports = {4067}
        rig.assign(playbook(api_port=4067))
        rig.pass_s(5)
        rig.assign()
        rig.pass_s(5)
        assert rig.supervisor.views() == ()
        assert not run(rig).exists()

    def test_a_link_in_place_of_a_folder_is_the_reason(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path)
        (tmp_path / "elsewhere").mkdir()
        run(rig).symlink_to(tmp_path / "elsewhere")
        rig.assign(playbook(), playbook("other"))
        rig.pass_s(30)
        assert "is a link" in rig.view().reason
        assert list((tmp_path / "elsewhere").iterdir()) == []
        assert rig.view("other").state is State.RUNNING


class TestWishesUnreadable:
    @pytest.mark.parametrize("content", [b'{"gpu":{"want":"hibernate"}}', b"{broken"])
    def test_what_runs_goes_on_and_it_is_told_once(self, rig: Rig, content: bytes) -> None:
        (mining(rig) / "wishes.json").write_bytes(content)
        for _ in range(2):
            rig.restart_agent()
            rig.pass_s(60)
        assert rig.starts == 1
        (event,) = rig.events(Kind.OWNER)
        assert (event.level, "as before: run" in event.reason) == (Level.ALERT, True)

    @pytest.mark.parametrize("content", [b'{"gpu":{"want":"hibernate"}}', b"{broken"])
    def test_what_was_stopped_stays_so(self, rig: Rig, content: bytes) -> None:
        rig.supervisor.stop("gpu")
        rig.pass_s(5)
        (mining(rig) / "wishes.json").write_bytes(content)
        for _ in range(2):
            rig.restart_agent()
            rig.pass_s(60)
        assert rig.starts == 1
        assert rig.view().state is State.STOPPED

    def test_what_ran_when_the_rig_went_down_runs_again(self, rig: Rig) -> None:
        (run(rig) / "launcher").write_text("another boot")
        rig.processes.runs.clear()
        rig.processes.boot_id = "second"
        (mining(rig) / "wishes.json").write_bytes(b"{broken")
        rig.restart_agent()
        rig.pass_s(5)
        assert rig.starts == 2

    def test_a_wish_on_a_full_disk_outlives_the_agent(
        self, rig: Rig, no_new_wishes_file: Callable[[Path], None]
    ) -> None:
        rig.supervisor.stop("gpu")
        rig.pass_s(5)
        no_new_wishes_file(mining(rig))
        rig.supervisor.start("gpu")
        assert rig.supervisor.unsaved is None
        rig.restart_agent()
        rig.pass_s(9)
        assert rig.view().state is State.RUNNING

    def test_one_that_cannot_be_kept_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "mining" / "wishes.json").mkdir(parents=True)
        rig = Rig(tmp_path, playbook())
        rig.supervisor.stop("gpu")
        assert rig.supervisor.unsaved == "wishes not on disk"


class TestNotMinded:
    def test_the_reason_is_shown_and_told_once(self, rig: Rig) -> None:
        rig.processes.unreadable = PermissionError(errno.EACCES, "Permission denied", "runs/gpu/lock")
        rig.pass_s(60)
        assert rig.view().reason == "Permission denied: runs/gpu/lock"
        (event,) = rig.events(Kind.NOT_MINDED)
        assert (event.reason, event.level) == ("Permission denied: runs/gpu/lock", Level.ALERT)
        rig.processes.unreadable = None
        rig.pass_s(5)
        assert rig.view().reason == ""
        assert rig.kinds()[-1] == "not_minded over"

    def test_a_start_that_the_system_does_not_even_try_has_failed(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path)
        rig.processes.fails = ValueError("illegal environment variable name")
        rig.assign(playbook())
        rig.pass_s(5)
        assert "illegal environment" in rig.events(Kind.START_FAILED)[0].reason
        assert rig.view().ends == 2


@pytest.mark.parametrize(
    "name", ["assignment.json", "events.json", "wishes.json", "runs/gpu/record.json", "runs/gpu/tally.json"]
)
@pytest.mark.parametrize("trick", ["huge", "pipe"])
def test_no_file_hinders_the_start(rig: Rig, name: str, trick: str) -> None:
    path = mining(rig) / name
    path.unlink(missing_ok=True)
    if trick == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(200 * 2**30)
    rig.restart_agent()
    rig.pass_s(30)
    assert rig.view().state is State.RUNNING
    assert rig.starts == 1
