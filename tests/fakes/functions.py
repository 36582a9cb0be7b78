"""A function's environment: its variables, the table it uses on moto, and its cold start."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto import mock_aws

from cloud.adapters.aws.dynamo_store import StoredItem, table_model
from cloud.ports import Item

REGION, TABLE = "eu-central-1", "rig-table"
VARIABLES = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "AWS_REGION": REGION,
    "RIG_TABLE": TABLE,
    "RIG_SOCKET_ENDPOINT": f"https://a1b2c3d4e5.execute-api.{REGION}.amazonaws.com/live",
}
Handler = Callable[[dict[str, Any], object], Any]


@contextmanager
def table() -> Iterator[type[StoredItem]]:
    """An empty table on moto, until the block ends; needs VARIABLES in the environment."""
    with mock_aws():
        model = table_model(TABLE, REGION)
        model.create_table(wait=True)
        yield model


@contextmanager
def cold_starts() -> Iterator[Callable[[str], Handler]]:
    """Imports functions anew by name; puts back what they do to the process's logging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def start(name: str) -> Handler:
        sys.modules.pop(f"cloud.functions.{name}", None)
        handler: Handler = importlib.import_module(f"cloud.functions.{name}").handler
        return handler

    try:
        yield start
    finally:
        root.handlers[:], root.level = handlers, level


def plain_image(model: type[StoredItem], item: Item) -> dict[str, dict[str, Any]]:
    """The attributes of a stored item as DynamoDB itself keeps them."""
    client = model._get_connection().connection.client
    key = {"pk": {"S": item.key.pk}, "sk": {"S": item.key.sk}}
    found: dict[str, dict[str, Any]] = client.get_item(TableName=TABLE, Key=key)["Item"]  # type: ignore[attr-defined]
    return found
