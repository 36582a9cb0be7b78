"""How the running edge fares, as it last wrote it down for `doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from asic_edge.settings.files import load, save
from asic_edge.settings.folder import SettingsError

NAME: Final = "status.json"


@dataclass
class Tally:
    """How the carrying went, for people; times by the wall clock, in epoch seconds."""

    accepted_at: float | None = None
    failed_at: float | None = None
    failure: str | None = None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Written after each round. Times are this computer's epoch seconds.

    `waiting`: closed blocks that the commander does not have; `dropped`: samples since the epoch began.
    `mishaps`: errors of our own.
    """

    pid: int
    started_at: float
    written_at: float
    accepted_at: float | None = None
    failed_at: float | None = None
    failure: str | None = None
    devices: int = 0
    waiting: int = 0
    waiting_bytes: int = 0
    dropped: int = 0
    mishaps: int = 0
    spool_trouble: str | None = None
    round_s: float = 60.0


def load_status(folder: Path) -> Status | None:
    """What was last written; None when nothing readable is there."""
    try:
        return load(folder / NAME, Status, "")
    except SettingsError:
        return None


def save_status(folder: Path, status: Status) -> None:
    """Raises SettingsError."""
    save(folder / NAME, status)
