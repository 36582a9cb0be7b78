"""Figures as people say them."""

from __future__ import annotations

from collections.abc import Sequence

GOOD = 0
FAILED = 1
USAGE = 2
IN_PART = 3
INTERRUPTED = 130
"""Exit codes of every command."""

_PREFIXES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def rate(value: float | None, unit: str) -> str:
    """For example "110.6 TH/s"; `unit` is the base unit."""
    if value is None:
        return "not known"
    size, prefix = next((each for each in _PREFIXES if value >= each[0]), (1.0, ""))
    return f"{value / size:.4g} {prefix}{unit}"


def number(value: float | None, unit: str, digits: int = 0) -> str:
    """For example "3,250 W"."""
    return "not known" if value is None else f"{value:,.{digits}f} {unit}"


def duration(seconds: float | None) -> str:
    """For example "14 h"."""
    if seconds is None:
        return "not known"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


def ago(at: float | None, now: float) -> str:
    """How long since a moment in epoch seconds."""
    return "never" if at is None else f"{duration(max(now - at, 0.0))} ago"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines in which the cells of a column stand below one another."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def counted(count: int, one: str, several: str = "") -> str:
    """For example "1 device", "1,780 devices"."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"
