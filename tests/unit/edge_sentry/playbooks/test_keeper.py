"""The way of a document to a running program, and all that can go wrong on it: the old work goes on."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_sentry.playbooks.keeper import REPAIR_EVERY_S
from edge_sentry.playbooks.kept import load_kept
from edge_sentry.playbooks.web import FetchError
from edge_sentry.supervisor.events import Kind
from edge_sentry.supervisor.view import State
from tests.fakes.signed import SigningKey
from tests.unit.edge_sentry.playbooks.fakes import PLACE, PROGRAM, Rig, assigned
from wire.assignments import StepState
from wire.codec import encode

DAY = 86_400.0


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture
def busy(rig: Rig) -> Rig:
    """It runs revision 1."""
    rig.assign(1, assigned())
    rig.step()
    return rig


class TestTheWay:
    def test_a_document_is_fetched_installed_and_handed_over(self, rig: Rig) -> None:
        rig.assign(1, assigned())
        assert rig.work.running() == {"gpu": "version 1"}
        assert rig.script() == "#!/bin/sh\nexec ./miner --version 1 --pool 0\n"
        runs = rig.work.now.playbooks[0]
        assert (Path(runs.folder) / runs.executable).read_bytes() == PROGRAM
        assert rig.work.told(Kind.ASSIGNMENT_ACCEPTED) == ["Revision 1 is accepted: 1 playbook"]

    def test_the_empty_one_that_each_rig_begins_with_is_no_event(self, rig: Rig) -> None:
        rig.assign(1)
        assert (rig.state().revision, rig.work.notes) == (1, [])
        rig.assign(2, assigned())
        rig.assign(3)
        assert rig.work.told(Kind.ASSIGNMENT_ACCEPTED) == [
            "Revision 2 is accepted: 1 playbook",
            "Revision 3 is accepted: nothing to run",
        ]

    def test_its_steps_are_told_until_the_program_runs(self, rig: Rig) -> None:
        rig.work.states["gpu"] = State.WAITING
        rig.assign(1, assigned())
        rig.step()
        names = [each.what for each in rig.state().steps]
        assert names == ["fetch", "download", "install", "write", "start"]
        assert rig.state().steps[1].done == len(PROGRAM)
        assert rig.state().steps[-1].state is StepState.WAITING
        rig.work.states.clear()
        rig.step()
        assert {each.state for each in rig.state().steps} == {StepState.DONE}
        assert (rig.state().revision, rig.state().offered) == (1, None)

    def test_a_start_that_fails_is_told(self, rig: Rig) -> None:
        rig.work.states["gpu"] = State.REFUSED
        rig.assign(1, assigned())
        rig.step()
        assert rig.failed() == [("start", "gpu", "why")]

    def test_what_is_unchanged_is_neither_written_nor_fetched_again(self, busy: Rig) -> None:
        before = busy.work.now.playbooks[0]
        written = Path(before.script).stat().st_mtime_ns
        busy.assign(2, assigned(), assigned("cpu"))
        assert busy.work.now.playbooks[0] == before
        assert Path(before.script).stat().st_mtime_ns == written
        assert len(busy.far.downloads) == 1
        assert [each.playbook for each in busy.state().steps if each.what == "start"] == ["cpu"]

    def test_what_it_is_filled_with_may_change_without_its_version(self, busy: Rig) -> None:
        before = busy.work.now.playbooks[0]
        busy.assign(2, assigned(scripts=("exec ./miner --worker another\n",)))
        [after] = busy.work.now.playbooks
        assert after.version != before.version
        assert busy.work.running() == {"gpu": "version 1"}
        assert "another" in busy.script()
        assert [each.what for each in busy.state().steps] == ["fetch", "write", "stop", "start"]

    def test_what_is_dropped_stops_and_its_files_go(self, busy: Rig) -> None:
        busy.assign(2)
        busy.step()
        assert busy.work.running() == {}
        assert list((busy.folder / "programs").glob("*/*")) == []
        assert list((busy.folder / "playbooks").glob("*/*")) == []

    def test_the_same_revision_is_fetched_once(self, busy: Rig) -> None:
        for _ in range(5):
            busy.offer(1)
            busy.step(60)
        assert len(busy.far.asked) == 1

    def test_the_key_of_a_handover_is_pinned(self, busy: Rig) -> None:
        other = SigningKey(2)
        busy.put(2, assigned(version=2), key=other)
        document = busy.put(2, assigned(version=2), key=other)
        handed = replace(document, handovers=(busy.key.hand_over(other),))
        busy.far.body = encode(handed)
        busy.offer(2)
        busy.step()
        busy.restart()
        busy.assign(3, key=other)
        assert busy.state().revision == 3
        busy.assign(4, assigned())
        assert busy.state().revision == 3


class TestTryingAgain:
    def test_a_download_is_tried_after_1_2_5_and_15_minutes(self, rig: Rig) -> None:
        rig.far.fails["archive"] = FetchError("No.")
        rig.put(1, assigned())
        rig.offer(1)
        tries = []
        for second in range(0, 4000, 10):
            before = len(rig.far.downloads)
            rig.step(10)
            tries += [second] * (len(rig.far.downloads) - before)
        assert tries == [0, 60, 180, 480, 1380, 2280, 3180]

    def test_it_goes_on_when_it_works(self, rig: Rig) -> None:
        rig.far.fails["archive"] = FetchError("No.")
        rig.assign(1, assigned())
        rig.far.fails.clear()
        rig.step(61)
        assert rig.work.running() == {"gpu": "version 1"}
        assert [note.over for _, note in rig.work.notes if note.kind is Kind.ASSIGNMENT_FAILED] == [
            False,
            True,
        ]

    def test_an_address_that_closed_is_left_for_a_new_one_at_once(self, busy: Rig) -> None:
        busy.put(2)
        busy.far.fails["document"] = FetchError("Status 403.", gone=True)
        busy.offer(2)
        busy.step()
        busy.far.fails.clear()
        busy.offer(2)
        busy.step()
        assert busy.state().revision == 1
        busy.offer(2, url=PLACE + "?signature=new")
        busy.step()
        assert busy.state().revision == 2

    def test_a_refused_document_that_changes_is_looked_at_again(self, busy: Rig) -> None:
        busy.assign(2, key=SigningKey(2))
        busy.assign(2)
        assert busy.state().revision == 1
        busy.step(61)
        assert busy.state().revision == 2

    def test_a_full_disk_does_not_hand_over_half(self, busy: Rig) -> None:
        busy.work.fails = OSError(errno.ENOSPC, "No space left on device")
        busy.assign(2, assigned(version=2))
        assert busy.work.running() == {"gpu": "version 1"}
        assert len(busy.work.told(Kind.ASSIGNMENT_FAILED)) == 1
        busy.work.fails = None
        busy.step(61)
        assert busy.work.running() == {"gpu": "version 2"}


class TestWhatIsGoneAgain:
    """As after an antivirus program."""

    def _take_away(self, rig: Rig) -> Path:
        runs = rig.work.now.playbooks[0]
        executable = Path(runs.folder) / runs.executable
        executable.unlink()
        return executable

    def test_it_comes_back_within_a_quarter_of_an_hour(self, busy: Rig) -> None:
        executable = self._take_away(busy)
        busy.step(REPAIR_EVERY_S)
        assert executable.read_bytes() == PROGRAM
        assert busy.work.told(Kind.ASSIGNMENT_FAILED) == []
        assert len(busy.work.assignments) == 1

    def test_and_at_the_start_of_the_agent(self, busy: Rig) -> None:
        executable, script = self._take_away(busy), Path(busy.work.now.playbooks[0].script)
        script.unlink()
        busy.restart()
        busy.step()
        assert executable.is_file()
        assert script.is_file()

    def test_one_that_does_not_is_told_once_and_when_it_did(self, busy: Rig) -> None:
        busy.far.fails["archive"] = FetchError("No route.")
        self._take_away(busy)
        for _ in range(5):
            busy.step(REPAIR_EVERY_S)
        assert len(busy.work.told(Kind.ASSIGNMENT_FAILED)) == 1
        assert busy.failed() == [("download", "gpu", "No route.")]
        busy.far.fails.clear()
        busy.step(REPAIR_EVERY_S)
        assert [note.over for _, note in busy.work.notes if note.kind is Kind.ASSIGNMENT_FAILED] == [
            False,
            True,
        ]
        assert busy.failed() == []


class TestWithoutACommander:
    def test_three_missed_reports_begin_asking_each_minute(self, busy: Rig) -> None:
        busy.put(2, assigned(version=2))
        for _ in range(2):
            busy.keeper.missed()
        busy.step(600)
        assert len(busy.far.asked) == 1
        busy.keeper.missed()
        busy.step()
        assert (busy.state().revision, busy.work.running()) == (2, {"gpu": "version 2"})
        for _ in range(10):
            busy.step(30)
        assert len(busy.far.asked) == 2 + 5

    def test_a_day_later_and_after_a_restart_too(self, busy: Rig) -> None:
        busy.step(DAY)
        busy.restart()
        busy.put(2)
        for _ in range(3):
            busy.keeper.missed()
        busy.step()
        assert busy.state().revision == 2

    def test_an_answer_ends_it(self, busy: Rig) -> None:
        for _ in range(3):
            busy.keeper.missed()
        busy.offer(1)
        busy.step(600)
        assert len(busy.far.asked) == 1

    def test_a_store_that_is_away_too_is_no_event(self, busy: Rig) -> None:
        busy.far.fails["document"] = FetchError("No route.")
        for _ in range(3):
            busy.keeper.missed()
        for _ in range(10):
            busy.step(60)
        assert busy.work.told(Kind.ASSIGNMENT_FAILED) == []
        assert busy.failed() == []
        assert len(busy.far.asked) == 11

    def test_a_forged_one_is_told_and_not_run(self, busy: Rig) -> None:
        busy.put(2, key=SigningKey(2))
        for _ in range(3):
            busy.keeper.missed()
        for _ in range(5):
            busy.step(60)
        assert busy.work.running() == {"gpu": "version 1"}
        assert len(busy.work.told(Kind.ASSIGNMENT_FAILED)) == 1

    @pytest.mark.parametrize("wall_off_s", [365 * DAY, -1_800_000_000.0])
    def test_a_restart_needs_neither_a_network_nor_a_clock(self, busy: Rig, wall_off_s: float) -> None:
        busy.far.fails["document"] = busy.far.fails["archive"] = FetchError("No route.")
        busy.moments.wall_off_s = wall_off_s
        busy.work.now = type(busy.work.now)(0, ())
        busy.restart()
        busy.step()
        assert busy.work.running() == {"gpu": "version 1"}
        assert len(busy.far.asked) == len(busy.far.downloads) == 1

    def test_a_document_that_was_lost_is_fetched_again(self, busy: Rig) -> None:
        (busy.folder / "accepted.json").write_bytes(b"{")
        busy.restart()
        busy.step()
        assert busy.state().revision == 1
        assert busy.work.running() == {"gpu": "version 1"}
        assert len(busy.far.asked) == 2


def test_after_a_restored_backup_what_is_newer_stays(rig: Rig) -> None:
    rig.assign(7, assigned())
    rig.assign(3)
    assert (rig.state().epoch, rig.state().revision) == (1, 7)
    assert len(rig.far.asked) == 1


def test_the_address_is_kept_for_the_next_process(busy: Rig) -> None:
    busy.offer(1, url="https://elsewhere.example/document")
    busy.step()
    kept = load_kept(busy.folder)
    assert kept is not None
    assert kept.place is not None
    assert kept.place.url == "https://elsewhere.example/document"


def test_scripts_are_for_their_owner_alone(busy: Rig) -> None:
    assert Path(busy.work.now.playbooks[0].script).stat().st_mode & 0o077 == 0
