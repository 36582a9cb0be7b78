"""The function behind the queue (enterprise): reports into the store."""

from __future__ import annotations

import os
from typing import Any

from cloud.bootstrap import in_aws
from cloud.entrypoints.queue import Answer, consume
from cloud.functions.logs import write_json_lines

write_json_lines()
_ports = in_aws(os.environ)


def handler(event: dict[str, Any], _context: object) -> Answer:
    """One batch; the answer names the messages to try again."""
    return consume(_ports, event)
