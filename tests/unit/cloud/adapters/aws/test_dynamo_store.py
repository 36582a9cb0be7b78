"""What the store on DynamoDB does beyond the contract: one client, made early."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto import mock_aws

from cloud.adapters.aws.dynamo_store import DynamoStore, table_model
from cloud.domain.keys import Key
from cloud.ports import Absent, Item, Put, StoreBusy, StoreUnavailable
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


class RawBody(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


def _answer(store: DynamoStore, error: dict[str, object]) -> None:
    """DynamoDB refuses whatever comes next; moto itself knows no conflicts."""
    response = AWSResponse("https://dynamodb.test", 400, HTTPHeaders(), RawBody(json.dumps(error).encode()))
    client = store.connect()
    client.meta.events.register("before-send.dynamodb", lambda **_: response)  # type: ignore[attr-defined]


def _cancelled(*reasons: str) -> dict[str, object]:
    codes = [{"Code": reason} for reason in reasons]
    return {"__type": "TransactionCanceledException", "message": "cancelled", "CancellationReasons": codes}


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        (["None", "ConditionalCheckFailed"], None),
        (["None", "TransactionConflict"], StoreBusy),
        (["ConditionalCheckFailed", "TransactionConflict"], StoreBusy),
        (["TransactionConflict", "ValidationError"], StoreUnavailable),
        (["ConditionalCheckFailed", "ValidationError"], StoreUnavailable),
        (["None"], StoreUnavailable),
    ],
)
def test_a_conflict_is_told_from_a_refusal(
    store: DynamoStore, reasons: list[str], expected: type[Exception] | None
) -> None:
    _answer(store, _cancelled(*reasons))
    writes = [Put(Item(Key("p", name), "thing", b"{}"), Absent()) for name in "ab"]
    if expected is None:
        assert not store.commit(writes)
        return
    with pytest.raises(expected) as caught:
        store.commit(writes)
    assert type(caught.value) is expected


def test_a_single_write_may_meet_a_transaction_too(store: DynamoStore) -> None:
    _answer(store, {"__type": "TransactionConflictException", "message": "conflict"})
    with pytest.raises(StoreBusy):
        store.write(Put(Item(Key("p", "s"), "thing", b"{}")))
