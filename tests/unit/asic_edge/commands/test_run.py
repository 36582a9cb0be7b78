"""`asic-edge run` as a process: one on a folder, killed and begun anew, ended by its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from asic_edge.__main__ import main
from asic_edge.agent.status import load_status
from asic_edge.commands.enrol import Wish, enrol
from asic_edge.commands.run import run
from asic_edge.roster.store import changing
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.lock import is_running
from tests.fakes.commander import TOKEN, FakeCommander, serving
from tests.fakes.edge_uplink import entry_of

Capture = pytest.CaptureFixture[str]


class Nobody:
    """No person is at the keyboard."""

    def is_there(self) -> bool:
        return False

    def ask(self, question: str) -> str:
        raise AssertionError(question)

    def ask_secret(self, question: str) -> str:
        raise AssertionError(question)


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = (sys.executable, "-m", "asic_edge", "run", "--round-s", "1", "--until-stdin-closes")
    environment = {**os.environ, "ASIC_EDGE_DATA": str(folder)}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as edge:
        try:
            yield edge
        finally:
            edge.kill()


def test_it_is_killed_begun_anew_and_ended(tmp_path: Path, capsys: Capture) -> None:
    commander = FakeCommander(machine=None)
    with serving(commander):
        enrol(tmp_path, Wish(commander.url, TOKEN, allow_http=True, force=False), Nobody())
        with changing(tmp_path) as roster:
            roster.put(entry_of(1, address="127.99.99.1", reader="port_4028"))
        with running(tmp_path) as edge:
            assert commander.wait_for(lambda: _silent(commander))
            assert is_running(tmp_path)
            with pytest.raises(SettingsError, match="already runs"):
                run(tmp_path, until_stdin_closes=False)
            with pytest.raises(SettingsError, match="Stop it, then enrol"):
                enrol(tmp_path, Wish(commander.url, TOKEN, allow_http=True, force=True), Nobody())
            edge.send_signal(signal.SIGKILL)
            edge.wait()
        killed_at = len(commander.reports)
        with running(tmp_path) as edge:
            assert commander.wait_for(lambda: len(commander.reports) > killed_at)
            assert edge.stdin is not None
            edge.stdin.close()
            assert edge.wait(10) == 0
    numbers = [(report.epoch, report.sequence) for report in commander.reports]
    assert numbers == sorted({*numbers})
    assert {epoch for epoch, _ in numbers} == {1}
    assert [report.goodbye for report in commander.reports][-1]
    status = load_status(tmp_path)
    assert status is not None
    assert status.failure is None
    assert TOKEN not in (tmp_path / "status.json").read_text()


def test_what_cannot_run_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("ASIC_EDGE_DATA", str(tmp_path))
    assert main(["run"]) == 1
    assert "not enrolled" in capsys.readouterr().err
    assert main(["run", "--round-s", "0.5"]) == 1
    assert "1 to 60 s" in capsys.readouterr().err


def _silent(commander: FakeCommander) -> bool:
    parts = (part for report in commander.reports for part in report.machines)
    return any(part.silence is not None and part.silence.rounds >= 2 for part in parts)
