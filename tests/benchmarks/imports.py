"""Import time of the ingest entry point: fresh processes, compiled files, minus a bare start."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.benchmarks.rows import ROOT, Row, at_most

GOAL_MS = 250
ROUNDS = 7
ENVIRONMENT = {
    "RIG_TABLE": "table",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
}
CASES = {
    "bare": "pass",
    "app": "import cloud.app",
    "ingest": "import cloud.functions.api",
    "ingest_queued": "import os; os.environ['RIG_QUEUE_URL'] = 'https://q'; import cloud.functions.api",
    "only_pynamodb": "import pynamodb.models",
    "only_chalice": "import chalice.app",
    "only_messages": "import wire.codec",
}


def rows() -> Iterator[Row]:
    """Wall time, the median of several rounds that take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in CASES}
    for number in range(ROUNDS + 1):
        for name, code in CASES.items():
            spent = _start(code)
            if number > 0:  # the first round compiles
                seconds[name].append(spent)
    bare = statistics.median(seconds["bare"])
    for name, spent_s in seconds.items():
        value = (statistics.median(spent_s) - (0 if name == "bare" else bare)) * 1000
        judged = name in ("ingest", "ingest_queued")
        yield (
            at_most(f"imports.{name}", value, "ms", GOAL_MS)
            if judged
            else Row(f"imports.{name}", value, "ms")
        )


def _start(code: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, env={**os.environ, **ENVIRONMENT})
    return time.perf_counter() - begun
