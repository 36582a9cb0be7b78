"""A table on moto, and functions that begin as in Lambda."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cloud.adapters.aws.dynamo_store import DynamoStore, StoredItem
from cloud.adapters.system import SystemClock
from cloud.bootstrap import AwsPorts, in_aws
from tests.fakes.functions import VARIABLES, Handler, cold_starts, table


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    for name in ("RIG_QUEUE_URL", "RIG_PUBLIC_URL", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    return dict(VARIABLES)


@pytest.fixture
def model(environment: dict[str, str]) -> Iterator[type[StoredItem]]:
    with table() as made:
        yield made


@pytest.fixture
def store(model: type[StoredItem]) -> DynamoStore:
    return DynamoStore(model, SystemClock())


@pytest.fixture
def ports(model: type[StoredItem], environment: dict[str, str]) -> AwsPorts:
    """Ports to the same table as the functions'."""
    return in_aws(environment)


@pytest.fixture
def start(model: type[StoredItem]) -> Iterator[Callable[[str], Handler]]:
    """Gives a function's handler after a cold start."""
    with cold_starts() as starting:
        yield starting
