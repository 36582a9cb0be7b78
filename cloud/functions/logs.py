"""Logs as lines of JSON from WARNING on, in which nothing stands that was sent to us."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

from cloud.ports import StoreUnavailable
from cloud.settings import SettingsError

_OURS = (StoreUnavailable, SettingsError)
"""Errors whose text we or AWS wrote; the text of any other may quote a body, a token or a wallet."""


class JsonLines(logging.Formatter):
    """One line a record: time, level, logger, message, and of an error its type and its place.

    Lambda reads `timestamp` and `level`, so that a function's log level can be set from outside.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            kind, error, place = record.exc_info
            line["error"] = kind.__name__ if kind else ""
            line["reason"] = str(error) if isinstance(error, _OURS) else ""
            line["at"] = _places(place)
        return json.dumps(line)


def write_json_lines() -> None:
    """From now on every logger of this process writes so; what Lambda had set up goes."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _places(place: TracebackType | None) -> list[str]:
    """The calls that led there, the last one last."""
    calls = traceback.walk_tb(place)
    return [f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}" for frame, line in calls]
