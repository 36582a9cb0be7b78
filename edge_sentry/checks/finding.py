"""What a check found: how grave it is, what is so, and what to do."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """`skipped` is for what could not be looked at, and for what is optional and not there."""

    OK = "ok"
    WARNING = "warning"
    BAD = "bad"
    SKIPPED = "skipped"


class Finding(msgspec.Struct, frozen=True):
    """One line. `advice` is what to do next, "" where there is nothing to do."""

    level: Level
    text: str
    advice: str = ""


def ok(text: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, text)


def warning(text: str, advice: str = "") -> Finding:
    """It works, but not as well as it could."""
    return Finding(Level.WARNING, text, advice)


def bad(text: str, advice: str = "") -> Finding:
    """It does not work like this."""
    return Finding(Level.BAD, text, advice)


def skipped(text: str, advice: str = "") -> Finding:
    """Nothing to judge, and why."""
    return Finding(Level.SKIPPED, text, advice)
