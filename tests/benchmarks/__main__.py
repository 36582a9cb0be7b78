"""`python -m tests.benchmarks`: runs the parts, prints a table, writes build/bench.json."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tests.benchmarks.parts import PARTS, Part
from tests.benchmarks.rows import JSON_FILE, ROOT, Row, say, table, write_json

_EXAMPLES = """examples:
  python -m tests.benchmarks                      everything, within 5 minutes
  python -m tests.benchmarks --only cost          what it costs on AWS
  python -m tests.benchmarks --only cpu,imports   two parts
  python -m tests.benchmarks --list               the parts

A missed goal is printed as MISSED and does not change the exit status.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 whatever the figures are; 2 when asked for an unknown part."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.list:
        say("\n".join(f"{part.name:12}{part.about}" for part in PARTS))
        return 0
    names = asked.only.split(",") if asked.only else [part.name for part in PARTS]
    unknown = set(names) - {part.name for part in PARTS}
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; --list shows them")
    rows = [row for part in PARTS if part.name in names for row in _run(part)]
    write_json(rows)
    say(f"\n{table(rows)}\n\n{_summary(rows)}")
    return 0


def _run(part: Part) -> list[Row]:
    begun = time.monotonic()
    rows = list(part.rows())
    say(f"{part.name}: {len(rows)} rows in {time.monotonic() - begun:.0f} s")
    return rows


def _summary(rows: Sequence[Row]) -> str:
    judged = [row for row in rows if row.met is not None]
    met = sum(1 for row in judged if row.met)
    return f"{met} of {len(judged)} goals met; written to {JSON_FILE.relative_to(ROOT)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measures the commander: time, AWS calls, dollars.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", metavar="PARTS", help="parts to run, separated by commas")
    parser.add_argument("--list", action="store_true", help="list the parts")
    return parser


if __name__ == "__main__":
    sys.exit(main())
