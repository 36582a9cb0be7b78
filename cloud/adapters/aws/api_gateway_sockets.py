"""Pages' connections in API Gateway, reached by the management API of its WebSocket stage."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

_log = logging.getLogger(__name__)
_GONE = (400, 410)
"""Closed, or an id that API Gateway never gave out: no later try can succeed."""


def management_endpoint(socket_endpoint: str, emulator_url: str | None) -> str:
    """Where messages to connections go: `https://{api}.execute-api.…/{stage}`.

    In an emulator nothing answers at that name; there the API's id and stage are a path below `emulator_url`.
    """
    if not emulator_url:
        return socket_endpoint
    parts = urlsplit(socket_endpoint)
    api = (parts.hostname or "").partition(".")[0]
    return f"{emulator_url.rstrip('/')}/_aws/execute-api/{api}{parts.path}"


class ApiGatewaySockets:
    """The port `Sockets`, and the closing of connections; `make_client` is called at the first use."""

    def __init__(self, make_client: Callable[[], ApiGatewayManagementApiClient]) -> None:
        self._make_client = make_client

    @cached_property
    def _client(self) -> ApiGatewayManagementApiClient:
        return self._make_client()

    def send(self, connection: str, message: bytes) -> bool:
        """False when the connection is gone. Any other failure loses this message alone, and is logged.

        The connection then stays: the next delta carries a machine's figures whole, whereas pages that
        all came back at once would make a throttled API worse.
        """
        return self._done(
            connection, lambda: self._client.post_to_connection(ConnectionId=connection, Data=message)
        )

    def close(self, connection: str) -> None:
        """Ends a connection; API Gateway then says `$disconnect`, as if the page had left."""
        self._done(connection, lambda: self._client.delete_connection(ConnectionId=connection))

    def _done(self, connection: str, call: Callable[[], object]) -> bool:
        """False when the connection is gone."""
        try:
            call()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in _GONE:
                return False
            _log.warning("connection %s was not reached: %s", connection, error)
        except BotoCoreError as error:
            _log.warning("connection %s was not reached: %s", connection, error)
        return True
