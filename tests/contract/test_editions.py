"""Both data flows, report → store and report → queue → consumer → store, leave the same store."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
import msgspec
import pytest
from moto import mock_aws

from cloud.adapters.aws.dynamo_store import DynamoStore, StoredItem, table_model
from cloud.adapters.aws.sqs_queue import SqsDeadLetters, SqsQueue
from cloud.domain import keys
from cloud.domain.asic_records import KeptSeat, Seats
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent, Cadence
from cloud.entrypoints.queue import consume
from cloud.ports import Item, Ports, Put, Store, StoreUnavailable, Write
from cloud.usecases.accept_report import accept_report
from tests.fakes.ports import fake_ports
from tests.fakes.time_and_chance import FakeClock
from wire.edge import EdgeState, NoReply, batch_of
from wire.messages import AgentKind, Block, LogLines, MachineReport, Report, RigEvent, Series, Specs

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

FARM, MACHINE, REGION = "farm_1", "machine_1", "us-east-1"
BEGIN = 1_800_000_000
TRIES = 3


class Edition(NamedTuple):
    """The ports of one edition and the table behind them."""

    ports: Ports
    model: type[StoredItem]

    def stored(self) -> list[tuple[Any, ...]]:
        rows = self.model.scan()
        return sorted((r.pk, r.sk, r.kind, r.revision, bytes(r.body), r.expires_at) for r in rows)


class Queues(NamedTuple):
    """A queue with its dead-letter queue on SQS."""

    client: SQSClient
    url: str
    dead_url: str


@pytest.fixture
def aws() -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.setdefault(name, "testing")
    os.environ["AWS_ACCOUNT_ID_ENDPOINT_MODE"] = "disabled"
    with mock_aws():
        yield


@pytest.fixture
def queues(aws: None) -> Queues:
    client = boto3.client("sqs", region_name=REGION)
    dead = client.create_queue(QueueName="dead")["QueueUrl"]
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": TRIES})
    url = client.create_queue(QueueName="reports", Attributes={"RedrivePolicy": redrive})["QueueUrl"]
    return Queues(client, url, dead)


def _edition(table: str, clock: FakeClock, queues: Queues | None) -> Edition:
    model = table_model(table, REGION)
    model.create_table(wait=True)
    queue = SqsQueue(queues.client, queues.url) if queues else None
    ports = replace(fake_ports(store=DynamoStore(model, clock), clock=clock), queue=queue)
    return Edition(ports, model)


def _principal() -> AgentPrincipal:
    agent = Agent("agent_1", "rig", AgentKind.CPU_GPU, "", MACHINE, BEGIN)
    return AgentPrincipal(FARM, agent, Cadence())


def _block(first: int, count: int) -> Block:
    at = tuple(BEGIN + first + 10.0 * number for number in range(count))
    loads = tuple(float((first + number) % 100) for number in range(count))
    return Block(at, (Series("cpu_load_pct", loads), Series("uptime_s", tuple(time - BEGIN for time in at))))


def _reports() -> list[Report]:
    """An hour and a half of a rig's life, at a report a minute; block after block closes."""
    reports = []
    for minute in range(1, 91):
        under_way = _block(minute // 5 * 300, minute % 5 * 6 + 1)
        closed = (_block((minute // 5 - 1) * 300, 30),) if minute % 5 == 0 else ()
        # Each is told in three reports, as if two answers were lost; the times lie in the report's past.
        events = tuple(
            RigEvent(number, BEGIN + 60.0 * number, "restarted", "no answer")
            for number in range(15, minute)
            if minute - number <= 3
        )
        log = LogLines(minute, "p", (f"minute {minute}",)) if minute % 20 == 0 else None
        part = MachineReport(MACHINE, closed, under_way, after=None, events=events, log=log)
        reports.append(Report(1, minute, BEGIN + 60.0 * minute, 60.0, (part,)))
    return reports


def _consume_all(ports: Ports, queues: Queues) -> None:
    for _ in range(1000):
        found = queues.client.receive_message(
            QueueUrl=queues.url, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        messages = found.get("Messages", [])
        if not messages:
            return
        event = {"Records": [{"messageId": m["MessageId"], "body": m["Body"]} for m in messages]}
        failed = {failure["itemIdentifier"] for failure in consume(ports, event)["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed:
                queues.client.delete_message(QueueUrl=queues.url, ReceiptHandle=message["ReceiptHandle"])
    raise AssertionError("the queue never empties")


def _send(edition: Edition, clock: FakeClock, reports: list[Report]) -> None:
    for report in reports:
        clock.now = report.sent_at
        accept_report(edition.ports, _principal(), report)


def test_the_same_reports_give_the_same_store(clock: FakeClock, queues: Queues) -> None:
    selfhost = _edition("selfhost", clock, None)
    enterprise = _edition("enterprise", clock, queues)
    reports = _reports()
    _send(selfhost, clock, reports)
    _send(enterprise, clock, reports)
    assert enterprise.stored() == []
    _consume_all(enterprise.ports, queues)
    assert enterprise.stored() == selfhost.stored()
    kinds = [kind for _, _, kind, *_ in selfhost.stored()]
    assert (kinds.count("event"), kinds.count("toldevent"), kinds.count("storedlog")) == (150, 75, 1)


class _Failing:
    """A store that fails at each eleventh write, as if the consumer died there; no report takes as many."""

    def __init__(self, store: Store) -> None:
        self._store, self._writes = store, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def write(self, write: Write) -> bool:
        self._count()
        return self._store.write(write)

    def write_all(self, writes: Sequence[Put]) -> list[bool]:
        self._count()
        return self._store.write_all(writes)

    def commit(self, writes: Sequence[Write]) -> bool:
        self._count()
        return self._store.commit(writes)

    def _count(self) -> None:
        self._writes += 1
        if self._writes % 11 == 0:
            raise StoreUnavailable("died")


def test_a_consumer_that_dies_again_and_again_leaves_the_same_store(clock: FakeClock, queues: Queues) -> None:
    queues.client.set_queue_attributes(QueueUrl=queues.url, Attributes={"RedrivePolicy": ""})
    selfhost = _edition("selfhost", clock, None)
    enterprise = _edition("enterprise", clock, queues)
    reports = _reports()[:40]
    _send(selfhost, clock, reports)
    shuffled = random.Random(7).sample(reports, len(reports))
    for report in [*shuffled, *shuffled[:10]]:
        clock.now = report.sent_at
        accept_report(enterprise.ports, _principal(), report)
    dying = fake_ports(store=_Failing(enterprise.ports.store), clock=clock)
    _consume_all(dying, queues)
    assert enterprise.stored() == selfhost.stored()


NUMBERS = (1, 2, 3, 60)
"""Of an ASIC edge's devices: two batches. The last one is read by another edge."""


def _asic_reports() -> list[Report]:
    """Minutes of an edge; device 2 falls silent, blocks of two minutes close, specs change."""
    reports = []
    for minute in range(1, 16):
        parts = [_asic(number, minute) for number in NUMBERS]
        edge = EdgeState(devices=4, reads=3, elsewhere=1, refused=0, round_s=60.0)
        reports.append(Report(1, minute, BEGIN + 60.0 * minute, 60.0, tuple(parts), edge=edge))
    return reports


def _asic(number: int, minute: int) -> MachineReport:
    silence = NoReply("gave no answer", BEGIN + 240.0, minute - 3) if number == 2 and minute > 3 else None
    closed = (_block(60 * minute - 120, 12),) if minute % 2 == 0 else ()
    part = MachineReport(f"asic_{number}", closed, batch=batch_of(number), silence=silence)
    if silence is None:
        specs = Specs(firmware_version=str(minute // 5)) if minute % 5 == 0 else None
        part = msgspec.structs.replace(part, open=_block(60 * minute, 1), specs=specs)
    return part


def test_the_same_reports_of_an_edge_give_the_same_store_whoever_dies(
    clock: FakeClock, queues: Queues
) -> None:
    queues.client.set_queue_attributes(QueueUrl=queues.url, Attributes={"RedrivePolicy": ""})
    selfhost, enterprise = _edition("selfhost", clock, None), _edition("enterprise", clock, queues)
    agent = Agent("agent_2", "shed", AgentKind.ASIC, "", None, BEGIN)
    kept = {number: KeptSeat(f"asic_{number}", number != 60, BEGIN, (), "", "") for number in NUMBERS}
    for batch in (0, 1):
        seats = Seats({number: seat for number, seat in kept.items() if batch_of(number) == batch})
        for edition in (selfhost, enterprise):
            edition.ports.store.write(Put(Item.of(keys.seats(FARM, agent.agent, batch), seats)))
    reports = _asic_reports()
    for edition, sent in ((selfhost, reports), (enterprise, random.Random(7).sample(reports, len(reports)))):
        for report in sent:
            clock.now = report.sent_at
            reply = accept_report(edition.ports, AgentPrincipal(FARM, agent, Cadence()), report)
            assert reply.released == ("asic_60",)
    _consume_all(fake_ports(store=_Failing(enterprise.ports.store), clock=clock), queues)
    assert enterprise.stored() == selfhost.stored()
    kinds = [kind for _, _, kind, *_ in selfhost.stored()]
    counted = ("latestbatch", "closedblock", "storedspecs", "storededge")
    assert [kinds.count(kind) for kind in counted] == [1, 28, 2, 1]


def test_a_poisoned_message_ends_among_the_dead_letters_and_the_rest_is_stored(
    clock: FakeClock, queues: Queues
) -> None:
    enterprise = _edition("enterprise", clock, queues)
    queues.client.send_message(QueueUrl=queues.url, MessageBody="rubbish")
    _send(enterprise, clock, _reports()[:12])
    _consume_all(enterprise.ports, queues)
    assert len(enterprise.stored()) == 3
    letters = SqsDeadLetters(queues.client, queues.dead_url, queues.url)
    assert [letter.body for letter in letters.show()] == ["rubbish"]


def test_dead_letters_are_replayed(clock: FakeClock, queues: Queues) -> None:
    enterprise = _edition("enterprise", clock, queues)
    _send(enterprise, clock, _reports()[:5])
    moved = queues.client.receive_message(QueueUrl=queues.url, MaxNumberOfMessages=10)["Messages"]
    for message in moved:
        queues.client.send_message(QueueUrl=queues.dead_url, MessageBody=message["Body"])
        queues.client.delete_message(QueueUrl=queues.url, ReceiptHandle=message["ReceiptHandle"])
    letters = SqsDeadLetters(queues.client, queues.dead_url, queues.url)
    assert letters.replay() == 5
    assert letters.replay() == 0
    _consume_all(enterprise.ports, queues)
    assert len(enterprise.stored()) == 2
