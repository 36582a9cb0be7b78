"""Each case of the store's contract runs on every adapter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from cloud.adapters.aws.dynamo_store import DynamoStore, table_model
from cloud.adapters.local.sqlite_store import SqliteStore
from cloud.ports import Store
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["sqlite", "dynamodb", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore(clock)
        return
    if request.param == "sqlite":
        sqlite = SqliteStore(tmp_path / "store.sqlite", clock)
        yield sqlite
        sqlite.close()
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.setdefault(name, "testing")
    os.environ["AWS_ACCOUNT_ID_ENDPOINT_MODE"] = "disabled"
    with mock_aws():
        model = table_model("items", "us-east-1")
        model.create_table(wait=True)
        yield DynamoStore(model, clock)
