"""The little batch file that stands between the agent and a mining program on Windows. Not yet run there.

It ends only after the program and writes the exit status. The script runs in a cmd of its own, so that
an `exit` in it does not end this one too.
"""

from __future__ import annotations

from pathlib import Path

from edge_sentry.supervisor.places import BATCH, STATUS

# cmd gives these a meaning even between quotes.
_MEANINGFUL = set('%"!^&|<>\r\n')


class NotABatchPath(OSError):
    """A path that cannot stand in a batch file."""


def text(run_folder: Path, script: str) -> str:
    """Raises NotABatchPath. The redirection comes first, or "0>" would be a stream's number."""
    status = run_folder / STATUS
    for path in (str(status), script):
        if _MEANINGFUL & set(path):
            raise NotABatchPath(f'the path holds one of % " ! ^ & | < >: {path}')
    lines = ("@echo off", f'cmd.exe /d /s /c ""{script}""', f'>"{status}" echo %errorlevel%')
    return "".join(f"{line}\r\n" for line in lines)


def command(run_folder: Path) -> str:
    """The command line that runs it. /d: without what the registry would run first."""
    return f'cmd.exe /d /s /c ""{run_folder / BATCH}""'
