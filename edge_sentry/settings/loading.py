"""Loads what this program once wrote as JSON. It may have been damaged, copied or exchanged meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from edge_sentry.settings.files import read_file

T = TypeVar("T")


class Unreadable(Exception):
    """Something is there that cannot be used, in words."""


def load(path: Path, kind: type[T]) -> T | None:
    """None when there is no such file; raises Unreadable for anything that is not what we wrote."""
    try:
        return msgspec.json.decode(read_file(path), type=kind)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror or error}") from error
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unreadable(f"{path.name} is damaged: {error}") from error


def load_if_readable(path: Path, kind: type[T]) -> T | None:
    """Of what is no loss when it cannot be read."""
    try:
        return load(path, kind)
    except Unreadable:
        return None
