"""Both editions on moto, with every AWS call counted; and a store whose AWS answers at once."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto import mock_aws

from cloud.adapters.aws.dynamo_store import DynamoStore, StoredItem, table_model
from cloud.adapters.aws.sqs_queue import SqsQueue
from cloud.app import create_app
from cloud.entrypoints.queue import consume
from cloud.ports import Item
from tests.benchmarks.counting import CallCounter
from tests.fakes.caller import Caller
from tests.fakes.ports import FakeSockets, fake_ports
from tests.fakes.time_and_chance import FakeClock

REGION = "us-east-1"


@contextmanager
def emulated() -> Iterator[None]:
    """AWS in this process."""
    settle_environment()
    with mock_aws():
        yield


class Edition:
    """One edition over moto; `caller` brings requests in, `counter` sees what goes out."""

    def __init__(self, name: str, clock: FakeClock, *, queued: bool = False) -> None:
        self.clock, self.counter, self.sockets = clock, CallCounter(), FakeSockets()
        self.model = table_model(name, REGION)
        self.model.create_table(wait=True)
        self.store = DynamoStore(self.model, clock)
        self._sqs = boto3.client("sqs", region_name=REGION)
        self._asking = boto3.client("sqs", region_name=REGION)
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"] if queued else ""
        direct = fake_ports(store=self.store, clock=clock, sockets=self.sockets)
        self.consumer = direct
        self.ports = replace(direct, queue=SqsQueue(self._sqs, self._url) if queued else None)
        self.caller = Caller(create_app(self.ports))
        for client in (*_clients(self.model, self.store), self._sqs):
            self.counter.hook(client)

    def drain(self, batch: int, least: int = 1) -> list[int]:
        """What Lambda's poller does: receive, consume, delete; gives the sizes of the batches."""
        sizes = []
        while self._waiting() >= least:
            found = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=batch)
            messages = found.get("Messages", [])
            consume(
                self.consumer,
                {"Records": [{"messageId": m["MessageId"], "body": m["Body"]} for m in messages]},
            )
            entries: Any = [{"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in messages]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
            sizes.append(len(messages))
        return sizes

    def _waiting(self) -> int:
        """Asked of a client of its own, for no poller asks this."""
        name = "ApproximateNumberOfMessages"
        found = self._asking.get_queue_attributes(QueueUrl=self._url, AttributeNames=[name])  # type: ignore[list-item]
        return int(found["Attributes"][name])  # type: ignore[index]


def fill(model: type[StoredItem], items: Iterator[Item]) -> None:
    """Puts items into a table, 25 in each call."""
    with model.batch_write() as batch:
        for item in items:
            batch.save(
                model(
                    *item.key,
                    kind=item.kind,
                    body=item.body,
                    revision=item.revision,
                    expires_at=item.expires_at,
                    watched=item.watched,
                )
            )


class _Raw:
    """The body of a canned answer, as urllib3 would give it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self._content


def answered_at_once(clock: FakeClock, agent: Item) -> tuple[DynamoStore, SqsQueue]:
    """Store and queue without a network: requests are formed and signed, answers are canned and parsed.

    Writes succeed; a batch of gets finds `agent`; nothing else is there.
    """
    settle_environment()
    item = {
        "pk": {"S": agent.key.pk},
        "sk": {"S": agent.key.sk},
        "kind": {"S": agent.kind},
        "body": {"B": base64.b64encode(agent.body).decode()},
        "revision": {"N": str(agent.revision)},
        "watched": {"BOOL": agent.watched},
    }
    answers = {
        "BatchGetItem": {"Responses": {"canned": [item]}, "UnprocessedKeys": {}},
        "Query": {"Items": [], "Count": 0, "ScannedCount": 0},
        "SendMessage": {"MessageId": "1"},
    }
    contents = {name: json.dumps(answer).encode() for name, answer in answers.items()}

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        target: Any = request.headers["X-Amz-Target"]
        raw: Any = _Raw(contents.get(target.decode().rpartition(".")[2], b"{}"))
        return AWSResponse(request.url, 200, HTTPHeaders(), raw)

    store = DynamoStore(table_model("canned", REGION), clock)
    sqs = boto3.client("sqs", region_name=REGION)
    for client in (*_clients(store._model, store), sqs):
        client.meta.events.register("before-send", answer)
    return store, SqsQueue(sqs, f"https://sqs.{REGION}.amazonaws.com/1/reports")


def _clients(model: type[StoredItem], store: DynamoStore) -> list[Any]:
    """PynamoDB makes its clients by itself and shows them nowhere; each once, for it may be one."""
    found = (model._get_connection().connection.client, store._connection.client)
    return list({id(client): client for client in found}.values())


def settle_environment() -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.setdefault(name, "testing")
    os.environ["AWS_ACCOUNT_ID_ENDPOINT_MODE"] = "disabled"
