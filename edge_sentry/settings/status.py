"""How the running agent fares, as it last wrote it down for `edge-sentry status`."""

from __future__ import annotations

from pathlib import Path

import msgspec

from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import load_if_readable
from wire.assignments import AssignmentState
from wire.messages import Mining, Program

_NAME = "status.json"


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Written after each attempt to report. Times are this machine's epoch seconds.

    `unsent` and `dropped` count samples, `refused` reports, both since the epoch began, `mishaps` errors
    of our own; `clock_offset_s` is the commander's clock less this machine's. The spool holds the
    unsent samples in `spool_blocks`, the open one included; `spool_trouble` says why it is not on disk.
    `assignment`: None where no commander's key is pinned, so that nothing is ever accepted.
    `not_accepted`: the failure is that the commander refuses this agent as such.
    """

    pid: int
    started_at: float
    written_at: float
    accepted_at: float | None
    failed_at: float | None
    failure: str | None
    not_accepted: bool = False
    unsent: int
    dropped: int
    refused: int
    mishaps: int
    clock_offset_s: float | None
    spool_blocks: int = 0
    spool_bytes: int = 0
    spool_oldest_at: float | None = None
    spool_trouble: str | None = None
    sample_interval_s: float
    report_interval_s: float
    programs: tuple[Program, ...] = ()
    mining: tuple[Mining, ...] = ()
    assignment: AssignmentState | None = None


def load_status(folder: Path) -> Status | None:
    """What was last written; None when nothing readable is there."""
    return load_if_readable(folder / _NAME, Status)


def save_status(folder: Path, status: Status) -> None:
    """Raises OSError. Not flushed to the disk: a power cut makes it worthless anyway."""
    replace_file(folder / _NAME, msgspec.json.encode(status), durable=False)
