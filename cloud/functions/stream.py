"""The function behind the table's stream: what changed, to the pages that look."""

from __future__ import annotations

import os
from typing import Any

from cloud.bootstrap import in_aws
from cloud.entrypoints.stream import publish
from cloud.functions.logs import write_json_lines

write_json_lines()
_ports = in_aws(os.environ)


def handler(event: dict[str, Any], _context: object) -> None:
    """One batch, in order. Raises StoreUnavailable, and then the whole batch may come again."""
    publish(_ports, event)
