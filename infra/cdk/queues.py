"""The queue between ingest and store of the enterprise edition, and where it puts what cannot be stored."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

VISIBLE_AGAIN_S = 120
"""Six times what the consumer may take, as Lambda asks for: a throttled batch is not taken for failed."""

RECEIVE_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
SEND_ACTIONS = ("sqs:SendMessage",)
_TRIES = 4
_CONSUMERS_AT_ONCE = 10


class Queues(Construct):
    """Both stay when the stack goes: what lies in them was acknowledged to an agent."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.dead_letters = _queue(self, "DeadLetters", kept_days=14)
        self.reports = _queue(
            self,
            "Reports",
            kept_days=7,
            visibility_timeout=Duration.seconds(VISIBLE_AGAIN_S),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=_TRIES, queue=self.dead_letters),
        )


def on_reports(function: lambda_.Function, queue: sqs.IQueue) -> None:
    """Many reports to one run; only those that failed come again.

    The mapping limits how many run at once: a reserved concurrency would be taken from everything else.
    """
    lambda_.EventSourceMapping(
        function,
        "Reports",
        target=function,
        event_source_arn=queue.queue_arn,
        batch_size=50,
        max_batching_window=Duration.seconds(1),
        max_concurrency=_CONSUMERS_AT_ONCE,
        report_batch_item_failures=True,
    )


def _queue(
    scope: Construct,
    name: str,
    *,
    kept_days: int,
    visibility_timeout: Duration | None = None,
    dead_letter_queue: sqs.DeadLetterQueue | None = None,
) -> sqs.Queue:
    return sqs.Queue(
        scope,
        name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(kept_days),
        visibility_timeout=visibility_timeout,
        dead_letter_queue=dead_letter_queue,
        removal_policy=RemovalPolicy.RETAIN,
    )
