"""`edge-sentry doctor`: checks everything on this rig and says what to do, in words or as JSON."""

from __future__ import annotations

import getpass
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from edge_sentry.checks.eyes import SystemEyes
from edge_sentry.checks.finding import Finding, Level
from edge_sentry.checks.sight import Sight
from edge_sentry.checks.table import CHECKS, Check, run_all
from edge_sentry.commands import console
from edge_sentry.service.program import spelled
from edge_sentry.settings.version import program_version

_INDENT = " " * 28


class Row(msgspec.Struct, frozen=True):
    """One check in --json."""

    check: str
    level: Level
    text: str
    advice: str


class Report(msgspec.Struct, frozen=True):
    """What --json prints. `good`: no row is bad."""

    good: bool
    folder: str
    rows: tuple[Row, ...]


def doctor(folder: Path, *, as_json: bool) -> int:
    """Exit code: 0 when nothing is bad, 1 otherwise."""
    before = logging.root.manager.disable
    # Everything that fails is told in its line.
    logging.disable(logging.CRITICAL)
    try:
        return told(sight_of(folder), CHECKS, as_json=as_json)
    finally:
        logging.disable(before)


def told(sight: Sight, checks: Sequence[Check], *, as_json: bool) -> int:
    """The same of what `sight` shows."""
    findings = [_spelled(each, sight.program) for each in run_all(checks, sight)]
    good = all(each.level is not Level.BAD for each in findings)
    if as_json:
        rows = tuple(
            Row(check.name, each.level, each.text, each.advice)
            for check, each in zip(checks, findings, strict=True)
        )
        console.say(msgspec.json.encode(Report(good, str(sight.folder), rows)).decode())
    else:
        for line in lines_of(checks, findings):
            console.say(line)
    return 0 if good else 1


def lines_of(checks: Sequence[Check], findings: Sequence[Finding]) -> list[str]:
    """A line for each check, what to do below it, and the sum."""
    lines = []
    for check, found in zip(checks, findings, strict=True):
        lines.append(f"{found.level:<9}{check.name:<18} {found.text}")
        if found.advice:
            lines.append(f"{_INDENT}-> {found.advice}")
    counts = Counter(each.level for each in findings)
    return [*lines, ", ".join(f"{counts[level]} {level}" for level in Level if counts[level]) + "."]


def _spelled(found: Finding, program: str) -> Finding:
    """With advice that works where sudo does not find us."""
    advice = found.advice.replace("sudo edge-sentry", f"sudo {program}")
    return msgspec.structs.replace(found, advice=advice)


def sight_of(folder: Path) -> Sight:
    """This rig."""
    major, minor, micro = sys.version_info[:3]
    return Sight(
        folder=folder,
        eyes=SystemEyes(),
        now=time.time(),
        platform=sys.platform,
        uid=_uid(),
        user=_user(),
        python=(major, minor, micro),
        version=program_version(),
        program=spelled(),
    )


def _user() -> str:
    """A container may have no name for its user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "root" if _uid() == 0 else "unknown"


def _uid() -> int:
    """Windows has no such number; nothing is compared with it there."""
    if sys.platform == "win32":
        return 0
    return os.getuid()
