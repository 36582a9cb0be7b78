"""The function of the WebSocket API: pages that connect, ping and leave."""

from __future__ import annotations

import os
from typing import Any

from cloud.app import create_app
from cloud.bootstrap import in_aws
from cloud.functions.logs import write_json_lines

write_json_lines()
_ports = in_aws(os.environ)
_app = create_app(_ports)
_GONE = 410


def handler(event: dict[str, Any], context: object) -> dict[str, int]:
    """One event to its answer. API Gateway passes on no status but that of `$connect`.

    So a page whose connection or session has ended is told by closing it.
    """
    answer = _app.on_socket(event, context)
    if answer["statusCode"] == _GONE:
        _ports.sockets.close(event["requestContext"]["connectionId"])
    return answer
