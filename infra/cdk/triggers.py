"""What starts a function without anybody asking: a change in the table, and the clock."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.cdk.findings import Finding, accept
from infra.cdk.functions import allow

_WATCHED = {"watched": {"BOOL": [True]}}
WATCHED_WRITES = {"dynamodb": {"NewImage": _WATCHED}}
WATCHED_REMOVALS = {"eventName": ["REMOVE"], "dynamodb": {"OldImage": _WATCHED}}
"""What nobody may be looking at starts no function."""

_RETRIES = 2
_OLDEST_S = 60
"""Figures older than a minute help no page: it asks again by itself."""


def on_changes(function: lambda_.Function, table: dynamodb.Table) -> None:
    """One run for a second's changes of watched items; a batch that fails is halved, then given up."""
    lambda_.EventSourceMapping(
        function,
        "Changes",
        target=function,
        event_source_arn=stream_arn(table),
        starting_position=lambda_.StartingPosition.LATEST,
        batch_size=500,
        max_batching_window=Duration.seconds(1),
        bisect_batch_on_error=True,
        retry_attempts=_RETRIES,
        max_record_age=Duration.seconds(_OLDEST_S),
        filters=[lambda_.FilterCriteria.filter(pattern) for pattern in (WATCHED_WRITES, WATCHED_REMOVALS)],
    )


def read_changes(reader: Stack, table: dynamodb.Table) -> list[iam.PolicyStatement]:
    """What Lambda asks for; `ListStreams` is about all streams that the table ever had."""
    read = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    owner = Stack.of(table)
    table_arn = owner.resolve(owner.export_value(table.table_arn))["Fn::ImportValue"]
    rule = f"AwsSolutions-IAM5[Resource::{table_arn}/stream/*]"
    accept(reader, Finding(rule, "A table's streams are named by the time at which they were made."))
    return [
        allow(read, stream_arn(table)),
        allow(["dynamodb:ListStreams"], f"{table.table_arn}/stream/*"),
    ]


def stream_arn(table: dynamodb.Table) -> str:
    """The table's stream now; raises ValueError where it has none."""
    if table.table_stream_arn is None:
        raise ValueError("the table was made without a stream")
    return table.table_stream_arn


def each_minute(scope: Construct, function: lambda_.IFunction) -> None:
    """A run that could not be started within the minute is left out: the next one is due."""
    events.Rule(
        scope,
        "EachMinute",
        schedule=events.Schedule.rate(Duration.minutes(1)),
        targets=[
            targets.LambdaFunction(function, retry_attempts=0, max_event_age=Duration.minutes(1)),
        ],
    )
