"""The design we compare with: a REST call for each sample, an item for each value, a poll for orders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import boto3

from tests.benchmarks import cpu
from tests.benchmarks.aws import REGION, emulated
from tests.benchmarks.counting import CallCounter
from tests.benchmarks.fleet import HOUR_S, MIDNIGHT, Cadence, Rig
from tests.benchmarks.life import ITEM_OVERHEAD_BYTES
from tests.benchmarks.prices import Bill, lambda_bill, plus, times
from wire.messages import Report

POLL_S, KEPT_DAYS = 60, 30
TABLE = "naive"
_KEYS: Any = [("pk", "HASH"), ("sk", "RANGE")]


class Naive(NamedTuple):
    """Per rig: the bill of a day, and the bytes that a day leaves behind."""

    day: Bill
    grown_per_day: float


@cache
def a_day(interval_s: float) -> Naive:
    """An hour is executed: a call each `interval_s` with its samples, and a poll a minute."""
    with emulated():
        client, counter = _table(), CallCounter()
        counter.hook(client)
        rig = Rig("token", "machine_1")
        cadence, calls = Cadence(interval_s, 10), 0
        for number in range(1, round(HOUR_S / interval_s) + 1):
            report = rig.report(MIDNIGHT + number * interval_s, cadence)
            _handle_samples(client, json.dumps(_body(report, interval_s)))
            calls += 1
        for _ in range(HOUR_S // POLL_S):
            _handle_poll(client, rig.machine)
            calls += 1
        taken = counter.take()
    spent, of_aws = cpu.measured(), sum(taken.calls.values())
    cpu_s = spent.own * calls + spent.per_call * of_aws
    hour = plus(taken.bill, {"rest_requests": calls}, lambda_bill(cpu_s, of_aws, calls))
    values = [size + ITEM_OVERHEAD_BYTES for (pk, _), size in counter.sizes.items() if "#" in pk]
    return Naive(times(hour, 24), sum(values) * 24)


def _handle_samples(client: Any, body: str) -> None:
    """Knows the agent by a read, writes each value as an item, and says that the machine was seen."""
    report = json.loads(body)
    _handle_poll(client, report["machine"])
    for name, samples in report["metrics"].items():
        at = str(samples[-1][0])
        pk = f"{report['machine']}#{name}"
        _put(
            client,
            {"pk": {"S": pk}, "sk": {"S": at}, "values": {"S": json.dumps(samples)}, "ttl": {"N": at[:10]}},
        )
    _put(client, {"pk": {"S": report["machine"]}, "sk": {"S": "latest"}, "state": {"S": body}})


def _handle_poll(client: Any, machine: str) -> None:
    client.get_item(TableName=TABLE, Key={"pk": {"S": machine}, "sk": {"S": "orders"}}, ConsistentRead=True)


def _put(client: Any, item: Mapping[str, Any]) -> None:
    client.put_item(TableName=TABLE, Item=item)


def _body(report: Report, interval_s: float) -> dict[str, object]:
    """The samples since the call before, by metric."""
    (part,) = report.machines
    blocks = [*part.blocks, *([part.open] if part.open else [])]
    since = report.sent_at - interval_s
    metrics: dict[str, list[tuple[float, float | None]]] = {}
    for block in blocks:
        for series in block.series:
            fresh = [(at, value) for at, value in zip(block.at, series.values, strict=True) if at > since]
            metrics.setdefault(series.metric, []).extend(fresh)
    return {"machine": part.machine, "metrics": {name: found for name, found in metrics.items() if found}}


def _table() -> Any:
    client = boto3.client("dynamodb", region_name=REGION)
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in _KEYS],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in _KEYS],
        BillingMode="PAY_PER_REQUEST",
    )
    return client
