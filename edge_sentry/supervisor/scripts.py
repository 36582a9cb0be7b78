"""What a script itself shows of why it cannot run."""

from __future__ import annotations

import os
from pathlib import Path

from edge_sentry.settings.files import open_plain
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.processes import Ending

_NOT_RUN = (126, 127)
_LONGEST_FIRST_LINE = 1024
_WINDOWS_ENDS = "the first line of its script ends as on Windows (CR LF); turn them with: sed -i 's/\\r$//'"


def explained(ending: Ending, playbook: Playbook) -> Ending:
    """With the reason, where it ended because nothing could be run and its script shows why."""
    if ending.status not in _NOT_RUN:
        return ending
    line = _first_line(Path(playbook.folder, playbook.script))
    windows = line.startswith(b"#!") and line.endswith(b"\r")
    return ending._replace(why=_WINDOWS_ENDS) if windows else ending


def _first_line(script: Path) -> bytes:
    try:
        descriptor = open_plain(script.resolve(), os.O_RDONLY)
        try:
            return os.read(descriptor, _LONGEST_FIRST_LINE).partition(b"\n")[0]
        finally:
            os.close(descriptor)
    except (OSError, ValueError, RuntimeError):
        return b""
