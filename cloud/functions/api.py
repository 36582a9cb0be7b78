"""The function of the HTTP API: every route of the app."""

from __future__ import annotations

import os

from cloud.app import create_app
from cloud.bootstrap import in_aws
from cloud.functions.logs import write_json_lines
from cloud.functions.payload import Event, call_app

write_json_lines()
_app = create_app(in_aws(os.environ))


def handler(event: Event, context: object) -> Event:
    """One request to its answer."""
    return call_app(_app, event, context)
