"""Each case of the store's contract runs on every adapter."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from cloud.adapters.aws.dynamo_store import DynamoStore, StoredItem, table_model
from cloud.adapters.local.sqlite_store import SqliteStore
from cloud.ports import Store
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


EMULATOR = os.environ.get("RIG_EMULATOR_URL")
"""Set by `make deploy-test`: the contract then runs on this DynamoDB too."""


@pytest.fixture(params=["sqlite", "dynamodb", "memory", *(["emulator"] if EMULATOR else [])])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore(clock)
        return
    if request.param == "sqlite":
        sqlite = SqliteStore(tmp_path / "store.sqlite", clock)
        yield sqlite
        sqlite.close()
        return
    if request.param == "emulator":
        yield DynamoStore(_new_table(f"items-{uuid.uuid4().hex}", EMULATOR), clock)
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.setdefault(name, "testing")
    os.environ["AWS_ACCOUNT_ID_ENDPOINT_MODE"] = "disabled"
    with mock_aws():
        yield DynamoStore(_new_table("items"), clock)


def _new_table(name: str, host: str | None = None) -> type[StoredItem]:
    model = table_model(name, "us-east-1", host)
    model.create_table(wait=True)
    return model
