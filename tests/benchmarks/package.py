"""The built package: its size zipped, and the import of each function from it in a fresh process."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infra.packages.build import MAX_ZIP_BYTES, Package, build
from infra.packages.probe import HANDLERS, start
from infra.packages.target import host_target, lambda_target
from tests.benchmarks.rows import Row, at_most

GOAL_MS = 300
"""For the function that takes reports; the others are measured beside it."""
ROUNDS = 7
_INGEST = "api"


def rows() -> Iterator[Row]:
    """Bytes of both packages, and the median import time of several rounds that take turns."""
    with tempfile.TemporaryDirectory() as scratch:
        for_lambda = build(lambda_target(), Path(scratch) / "lambda")
        yield at_most("package.lambda_zip", for_lambda.archive.size_bytes, "bytes", MAX_ZIP_BYTES)
        for_host = build(host_target(), Path(scratch) / "host")
        yield at_most("package.host_zip", for_host.archive.size_bytes, "bytes", MAX_ZIP_BYTES)
        yield from _starts(for_host)


def _starts(package: Package) -> Iterator[Row]:
    """What Lambda waits for before the first event; its own time to fetch and unpack comes on top."""
    spent_s: dict[str, list[float]] = {handler: [] for handler in HANDLERS}
    for number in range(ROUNDS + 1):
        for handler, seen in spent_s.items():
            begun = start(package.target, package.folder, handler)
            if number > 0:  # the first round reads from disk
                seen.append(begun.spent_s)
    for handler, seen in spent_s.items():
        name, value = f"package.import_{handler}", statistics.median(seen) * 1000
        yield at_most(name, value, "ms", GOAL_MS) if handler == _INGEST else Row(name, value, "ms")
