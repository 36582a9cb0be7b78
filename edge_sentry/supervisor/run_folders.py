"""The folders of runs: which of them are ours, and what may be deleted there. All else belongs to people."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from edge_sentry.supervisor.places import LEFT_BY_RUNS, PROOF, REPLACED, RUNS
from edge_sentry.supervisor.playbook import Assignment
from edge_sentry.supervisor.records import load_playbook

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def make(folder: Path) -> None:
    """Raises OSError, also when something else is there: a link is not followed."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_folder(folder):
        raise NotADirectoryError(errno.ENOTDIR, "is a link, which is not followed", str(folder))


def ours(mining: Path) -> list[str]:
    """The playbooks that left a run behind. A copy of such a folder is somebody's own and no run."""
    folders = sorted((mining / RUNS).iterdir())
    return [folder.name for folder in folders if _is_folder(folder) and _is_ours(folder)]


def drop(folder: Path) -> None:
    """Deletes what runs left there, then the folder when nothing else is in it. Raises OSError."""
    if not _is_folder(folder):
        return
    half_written = [left for name in REPLACED for left in folder.glob(f".{name}.[0-9]*")]
    for path in (*half_written, *(folder / name for name in LEFT_BY_RUNS)):
        path.unlink(missing_ok=True)
    folder.rmdir()


def recovered(mining: Path) -> Assignment:
    """Without a readable assignment what was last started is what is to run: only a new one ends it."""
    found = {name: load_playbook(mining / RUNS / name) for name in ours(mining)}
    return Assignment(
        playbooks=tuple(each for each in found.values() if each is not None),
        left_alone=tuple(name for name, record in found.items() if record is None),
    )


def _is_folder(path: Path) -> bool:
    with suppress(OSError):
        return stat.S_ISDIR(path.lstat().st_mode)
    return False


def _is_ours(folder: Path) -> bool:
    if _ID.fullmatch(folder.name) is None:
        return False
    record = load_playbook(folder)
    if record is not None:
        return record.id == folder.name
    return any(os.path.lexists(folder / name) for name in PROOF)
