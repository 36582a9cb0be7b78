"""Recordings with other values, for the tests of one program."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from edge_sentry.miners.normal_form import MinerReading
from tests.unit.edge_sentry.miners.recordings import BY_FOLDER

Change = Callable[[Any], None]
"""Changes the JSON of a reply in place."""


def read_with(folder: str, change: Change, which: int = 0) -> MinerReading:
    """What comes of a recording after a change to one of its replies."""
    recording = BY_FOLDER[folder]
    value = json.loads(recording.replies[which] or b"")
    change(value)
    replies = list(recording.replies)
    replies[which] = json.dumps(value).encode()
    return recording.read(replies)


def read_text(folder: str, old: bytes, new: bytes, which: int = 0) -> MinerReading:
    """The same for a reply of text, in which `old` must stand."""
    recording = BY_FOLDER[folder]
    replies = list(recording.replies)
    reply = replies[which] or b""
    assert old in reply
    replies[which] = reply.replace(old, new)
    return recording.read(replies)


def reasons(reading: MinerReading) -> dict[str, str]:
    """Why what was not read."""
    return {each.part: each.reason for each in reading.unread}
