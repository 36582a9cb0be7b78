"""The roster's file: read by anyone, changed by one at a time, whole after a kill and after a power cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import filelock

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Kept, RosterError
from asic_edge.settings.files import load, save
from asic_edge.settings.folder import SettingsError, prepare

NAME: Final = "roster.json"
LOCK_NAME: Final = "roster.lock"
LOCK_WITHIN_S: Final = 10.0
_ADVICE = "Put a copy of it back, or move it away and scan again."
_VERSION = 1


def read_roster(folder: Path) -> Roster:
    """As it is now, empty where there is none. Raises SettingsError."""
    kept = load(folder / NAME, Kept, _ADVICE)
    if kept is not None and kept.version != _VERSION:
        raise SettingsError(f"{folder / NAME} was written by a newer asic-edge; use that one.")
    try:
        return Roster(kept)
    except RosterError as error:
        raise SettingsError(f"{folder / NAME} is damaged: {error} {_ADVICE}") from error


@contextmanager
def changing(folder: Path, lock_within_s: float = LOCK_WITHIN_S) -> Iterator[Roster]:
    """The roster, saved at the end if it changed and nothing was raised. Raises SettingsError.

    Others wait meanwhile: ask devices and people before.
    """
    prepare(folder)
    try:
        with filelock.FileLock(folder / LOCK_NAME, timeout=lock_within_s, mode=0o600):
            roster = read_roster(folder)
            before = roster.kept()
            yield roster
            after = roster.kept()
            if after != before:
                save(folder / NAME, after)
    except filelock.Timeout as error:
        raise SettingsError(f"Another asic-edge is changing the roster in {folder}; try again.") from error
