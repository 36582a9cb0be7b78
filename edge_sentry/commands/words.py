"""Figures as people say them."""

from __future__ import annotations

_PREFIXES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))


def hashrate(value: float | None, unit: str) -> str:
    """For example "12.3 kH/s"; `unit` is the base unit."""
    if value is None:
        return "hashrate not known"
    size, prefix = next((each for each in _PREFIXES if value >= each[0]), (1.0, ""))
    return f"{value / size:.4g} {prefix}{unit}"


def duration(seconds: float) -> str:
    """For example "12 min"."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
