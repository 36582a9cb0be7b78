"""What the store on DynamoDB does beyond the contract: one client, made early."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from cloud.adapters.aws.dynamo_store import DynamoStore, table_model
from cloud.domain.keys import Key
from cloud.ports import Item, Put, StoreUnavailable
from tests.fakes.time_and_chance import FakeClock


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoStore]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled")
    with mock_aws():
        yield DynamoStore(table_model("items", "us-east-1"), FakeClock())


def test_connecting_sends_nothing(store: DynamoStore) -> None:
    assert store.connect() is store.connect()


def test_single_writes_and_commits_use_the_client_made_first(store: DynamoStore) -> None:
    client = store.connect()
    sent: list[str] = []
    client.meta.events.register(  # type: ignore[attr-defined]
        "before-send.dynamodb", lambda request, **_: sent.append(request.headers["X-Amz-Target"].decode())
    )
    store._model.create_table(wait=True)
    item = Item(Key("p", "s"), "thing", b"{}")
    assert store.write(Put(item))
    assert store.commit([Put(item)])
    assert store.get(item.key) == item
    verbs = [target.rpartition(".")[2] for target in sent]
    assert verbs[-3:] == ["PutItem", "TransactWriteItems", "GetItem"]


def test_what_aws_said_is_told(store: DynamoStore) -> None:
    item = Item(Key("p", "s"), "thing", b"{}")
    for call in (lambda: store.get(item.key), lambda: store.commit([Put(item)])):
        with pytest.raises(StoreUnavailable, match="ResourceNotFoundException"):
            call()


def test_a_call_ends_before_the_function_does() -> None:
    meta = table_model("items", "us-east-1").Meta
    tries_s = (1 + meta.max_retry_attempts) * (meta.connect_timeout_seconds + meta.read_timeout_seconds)
    assert tries_s < 25
