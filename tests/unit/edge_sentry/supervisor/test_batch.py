"""The launcher's batch file; stated as not run on Windows."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import Any

import pytest

from edge_sentry.supervisor.batch import NotABatchPath, command, text

FOLDER: Any = PureWindowsPath(r"C:\ProgramData\edge sentry\runs\gpu")


def test_runs_the_script_and_writes_its_status() -> None:
    assert text(FOLDER, r"C:\mine here\start.bat").split("\r\n") == [
        "@echo off",
        r'cmd.exe /d /s /c ""C:\mine here\start.bat""',
        r'>"C:\ProgramData\edge sentry\runs\gpu\status" echo %errorlevel%',
        "",
    ]


def test_the_command_runs_the_file() -> None:
    assert command(FOLDER) == r'cmd.exe /d /s /c ""C:\ProgramData\edge sentry\runs\gpu\launch.bat""'


@pytest.mark.parametrize("letter", list('%"!^&|<>\n'))
def test_a_path_that_cmd_would_misread_is_refused(letter: str) -> None:
    with pytest.raises(NotABatchPath):
        text(FOLDER, f"C:\\a{letter}b.bat")
