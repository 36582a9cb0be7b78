"""Thousands of requests by the OpenAPI document and against it: no 5xx, nothing that is not documented."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.system.api_explorer import explore, running

EXAMPLES = 20


def run(say: Callable[[str], None], examples: int = EXAMPLES, number: int = 7) -> bool:
    """Whether all went well; the number makes a failure repeatable."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as site:
        found = explore(site, examples, number)
    statuses: Counter[int] = Counter()
    for (_, status), count in found.answers.items():
        statuses[status] += count
    say(f"{statuses.total():,} requests by the OpenAPI document: {dict(sorted(statuses.items()))}")
    for fault in found.faults[:10]:
        say(fault)
    return not found.faults and statuses[200] > 0
