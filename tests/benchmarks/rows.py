"""What a benchmark yields: rows that can be read as a table and compared between commits as JSON."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
JSON_FILE = ROOT / "build" / "bench.json"


class Row(msgspec.Struct, frozen=True):
    """One figure. `goal` reads like "≤ 0.3"; without one, `met` is None."""

    name: str
    value: float
    unit: str
    goal: str | None = None
    met: bool | None = None


class Result(msgspec.Struct, frozen=True):
    """The content of the JSON file."""

    commit: str
    changed: bool
    python: str
    machine: str
    rows: list[Row]


def at_most(name: str, value: float, unit: str, bound: float) -> Row:
    """A row whose goal is an upper bound."""
    return Row(name, value, unit, f"≤ {bound:g}", value <= bound)


def at_least(name: str, value: float, unit: str, bound: float) -> Row:
    """A row whose goal is a lower bound."""
    return Row(name, value, unit, f"≥ {bound:g}", value >= bound)


def table(rows: Sequence[Row]) -> str:
    """Aligned columns, a missed goal in capitals."""
    cells = [("name", "value", "unit", "goal", "")]
    cells += [(row.name, number(row.value), row.unit, row.goal or "", _verdict(row)) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    return "\n".join(_line(line, widths) for line in cells)


def number(value: float) -> str:
    """Four digits that count, never an exponent."""
    if value == 0 or abs(value) >= 1000:
        return f"{value:,.0f}"
    digits = 4 - len(f"{abs(value):.9f}".replace(".", "").lstrip("0")) + 9
    text = f"{value:.{min(max(digits, 0), 9)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_json(rows: Sequence[Row]) -> None:
    """Replaces `build/bench.json`."""
    JSON_FILE.parent.mkdir(exist_ok=True)
    machine = f"{platform.machine()}, {platform.system()}"
    result = Result(_git("rev-parse", "HEAD"), _is_changed(), platform.python_version(), machine, list(rows))
    JSON_FILE.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")


def say(line: str) -> None:
    """One line to the reader."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _verdict(row: Row) -> str:
    return {None: "", True: "met", False: "MISSED"}[row.met]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, value, unit, goal, verdict = cells
    columns = (name.ljust(widths[0]), value.rjust(widths[1]), unit.ljust(widths[2]), goal.ljust(widths[3]))
    return "  ".join((*columns, verdict)).rstrip()


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else "unknown"


def _is_changed() -> bool:
    return bool(_git("status", "--porcelain"))
