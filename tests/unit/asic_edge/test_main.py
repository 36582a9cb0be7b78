"""The command line: help with examples everywhere, and exit codes that are stated."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from asic_edge.__main__ import _COMMANDS, main

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("command", [None, *_COMMANDS])
def test_help_has_examples_and_exit_codes(command: str | None, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"] if command is None else [command, "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert f"examples:\n  asic-edge {command or 'enrol'}" in out
    assert "exit codes: 0 good, 1 failed, 2 wrong usage, 3 done in part" in out


def test_the_version(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("asic-edge ")


@pytest.mark.parametrize(
    "arguments", [[], ["scan"], ["same", "x"], ["credentials", "--password", "x"], ["walk"]]
)
def test_wrong_usage(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["scan", "8.8.8.0/24"], 2, "not within a private network"),
        (["scan", "10.0.0.0/15"], 2, "name a smaller range"),
        (["scan", "10.0.0.1", "--name", "{x}"], 1, "a field that is not known"),
        (["list", "--data", "~nobody-of-that-name/x"], 1, "no home folder"),
        (["undo", "4"], 1, "no answer to question 4"),
    ],
)
def test_what_cannot_be_done(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.setenv("ASIC_EDGE_DATA", str(tmp_path))
    assert main(arguments) == code
    assert words in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_crash(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "asic_edge", "list", "--data", str(tmp_path)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=30)
    os.close(writing)
    assert b"Traceback" not in done.stderr
