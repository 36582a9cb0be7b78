"""The real program as a process: its first report, its end by signal or by its parent's, its death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge_sentry.__main__ import main
from edge_sentry.commands.run import run
from edge_sentry.reading import Reading
from edge_sentry.settings.status import load_status
from tests.fakes.commander import TOKEN, FakeCommander, serving
from tests.unit.edge_sentry.machines import source


@pytest.fixture
def commander() -> Iterator[FakeCommander]:
    with serving(FakeCommander()) as served:
        yield served


@pytest.fixture
def folder(commander: FakeCommander, tmp_path: Path) -> Path:
    assert main(["enrol", "--url", commander.url, "--token", TOKEN, "--data", str(tmp_path)]) == 0
    return tmp_path


@contextmanager
def running(folder: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "edge_sentry", "run", "--data", str(folder), *more]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def test_it_reports_at_once_and_says_goodbye_at_a_signal(commander: FakeCommander, folder: Path) -> None:
    with running(folder) as process:
        assert commander.wait_for(lambda: len(commander.reports) == 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr is not None
        log = process.stderr.read().decode()
    first, last = commander.reports
    assert first.machines[0].specs is not None
    assert first.machines[0].open is not None
    assert "cpu_load_pct" in {series.metric for series in first.machines[0].open.series}
    assert last.goodbye
    assert TOKEN not in log
    status = load_status(folder)
    assert status is not None
    assert status.accepted_at is not None


def test_it_ends_with_its_parent(commander: FakeCommander, folder: Path) -> None:
    with running(folder, "--until-stdin-closes") as process:
        assert commander.wait_for(lambda: len(commander.reports) == 1)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0
    assert commander.reports[-1].goodbye


def test_killed_and_started_again_it_repeats_no_number(commander: FakeCommander, folder: Path) -> None:
    for life in (1, 2, 3):
        with running(folder) as process:
            assert commander.wait_for(lambda life=life: len(commander.reports) == life)  # type: ignore[misc]
            process.kill()
    numbers = [report.sequence for report in commander.reports]
    assert numbers == sorted(set(numbers))


def test_only_one_runs_on_a_folder(commander: FakeCommander, folder: Path) -> None:
    with running(folder) as first:
        assert commander.wait_for(lambda: len(commander.reports) == 1)
        with running(folder) as second:
            assert second.wait(30) == 1
            assert second.stderr is not None
            assert f"already runs on {folder} (pid {first.pid})".encode() in second.stderr.read()


class Kept:
    """A source that keeps something running, and has the agent end as soon as it is read."""

    closed = False

    def __call__(self) -> Reading:
        os.kill(os.getpid(), signal.SIGTERM)
        return Reading()

    def close(self) -> None:
        self.closed = True


@pytest.mark.skipif(sys.platform == "win32", reason="its kill ends at once")
def test_what_its_sources_keep_running_ends_with_it(folder: Path) -> None:
    kept = Kept()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        assert run(folder, until_stdin_closes=False, sources=(source(kept),)) == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert kept.closed


def test_without_an_enrolment_it_says_so(tmp_path: Path) -> None:
    with running(tmp_path) as process:
        assert process.wait(30) == 1
        assert process.stderr is not None
        assert b"This machine is not enrolled." in process.stderr.read()


def test_a_damaged_spool_begins_a_new_epoch(commander: FakeCommander, folder: Path) -> None:
    with running(folder) as process:
        assert commander.wait_for(lambda: len(commander.reports) == 1)
        process.kill()
    for left in folder.glob("spool.sqlite*"):
        left.write_bytes(b"damaged" * 1000)
    with running(folder) as process:
        assert commander.wait_for(lambda: len(commander.reports) == 2)
        process.kill()
    before, anew = commander.reports
    assert before.machines[0].open is not None
    # What was sampled before the new epoch was known is a closed block of it.
    assert len(commander.held.samples("machine1")) == 2
    assert anew.machines[0].blocks[0].at[0] > before.machines[0].open.at[-1]
    assert [report.epoch for report in commander.reports] == [1, 2]
    assert (folder / "spool.damaged-1").exists()


def test_a_restart_goes_on_with_the_block_under_way(commander: FakeCommander, folder: Path) -> None:
    for life in (1, 2):
        with running(folder) as process:
            assert commander.wait_for(lambda life=life: len(commander.reports) == life)  # type: ignore[misc]
            process.kill()
    assert len(commander.held.samples("machine1")) == 2
    assert len(commander.enrolments) == 1


def test_without_a_folder_for_mining_it_goes_on_and_says_so(commander: FakeCommander, folder: Path) -> None:
    (folder / "mining").write_text("somebody's")
    with running(folder):
        assert commander.wait_for(lambda: len(commander.reports) == 1)
    unread = {each.part: each.reason for each in commander.reports[0].machines[0].unread or ()}
    assert "not looked after" in unread["mining"]


def test_a_copied_run_and_an_unreadable_assignment_do_not_end_it(
    commander: FakeCommander, folder: Path
) -> None:
    runs = folder / "mining" / "runs"
    record = b'{"id":"cpu","version":1,"program":"x","executable":"x","folder":"/nowhere","script":"/x"}'
    for name in ("cpu", "cpu-old"):
        (runs / name).mkdir(parents=True)
        (runs / name / "record.json").write_bytes(record)
    (runs.parent / "assignment.json").write_bytes(b"{")
    with running(folder):
        assert commander.wait_for(lambda: len(commander.reports) == 1)
    assert [each.program for each in commander.reports[0].machines[0].programs] == ["cpu"]
