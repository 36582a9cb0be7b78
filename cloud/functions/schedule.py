"""The function that a rule calls each minute: what time alone does."""

from __future__ import annotations

import os

from cloud.bootstrap import in_aws
from cloud.entrypoints.schedule import run_round
from cloud.functions.logs import write_json_lines

write_json_lines()
_ports = in_aws(os.environ)


def handler(_event: object, _context: object) -> None:
    """One round. Raises StoreUnavailable; the next minute tries again."""
    run_round(_ports)
