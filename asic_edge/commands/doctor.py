"""`asic-edge doctor`: checks everything and says what to do, in words or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from asic_edge.checks import CHECKS, Check, Level, looked
from asic_edge.commands import console
from asic_edge.commands.words import FAILED, GOOD

_INDENT = " " * 23


class _Line(msgspec.Struct, frozen=True):
    """One check in --json."""

    check: str
    level: Level
    text: str
    advice: str


def doctor(folder: Path, *, as_json: bool, checks: Sequence[Check] = CHECKS) -> int:
    """Exit code: failed when something is bad."""
    counts: Counter[Level] = Counter()
    for check in checks:
        console.progress(f"Looking at: {check.name}")
        found = looked(check, folder)
        console.progress("")
        counts[found.level] += 1
        if as_json:
            console.say_json(_Line(check.name, found.level, found.text, found.advice))
            continue
        console.say(f"{found.level:<9}{check.name:<14}{found.text}")
        if found.advice:
            console.say(f"{_INDENT}-> {found.advice}")
    if not as_json:
        console.say(", ".join(f"{counts[level]} {level}" for level in Level if counts[level]) + ".")
    return FAILED if counts[Level.BAD] else GOOD
