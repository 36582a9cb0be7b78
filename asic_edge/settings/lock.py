"""Lets only one edge run on a data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import filelock

from asic_edge.settings.folder import SettingsError

NAME: Final = "run.lock"
PATIENCE_S: Final = 0.25
"""`doctor` holds the lock while it looks."""


def taken(folder: Path) -> filelock.BaseFileLock:
    """Held until it is released or the process ends, however it ends. Raises SettingsError."""
    lock = filelock.FileLock(folder / NAME, timeout=PATIENCE_S, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise SettingsError(f"asic-edge already runs on {folder}. Stop that one first.") from error
    except OSError as error:
        raise SettingsError(f"Cannot lock {folder / NAME}: {error.strerror or error}.") from error
    return lock


def is_running(folder: Path) -> bool:
    """Whether an edge runs on the folder."""
    if not (folder / NAME).exists():
        return False
    try:
        taken(folder).release()
    except SettingsError:
        return True
    return False
