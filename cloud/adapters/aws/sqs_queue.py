"""The queue between ingest and store, on SQS, and what could not be stored after several tries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from cloud.ports import DeadLetter, ItemTooLarge, StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_MESSAGE_BYTES = 256 * 1024
_LOOK_S = 5
"""How long a dead letter is hidden from others while it is shown."""


class SqsQueue:
    """The port `Queue`."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client, self._url = client, url

    def send(self, message: str) -> None:
        if len(message) > MAX_MESSAGE_BYTES:
            raise ItemTooLarge(f"{len(message)} bytes; a message holds {MAX_MESSAGE_BYTES}")
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=message)
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable(str(error)) from error


class SqsDeadLetters:
    """The port `DeadLetters`."""

    def __init__(self, client: SQSClient, dead_url: str, queue_url: str) -> None:
        self._client, self._dead_url, self._queue_url = client, dead_url, queue_url

    def show(self) -> Iterator[DeadLetter]:
        for message in self._receive(visibility_s=_LOOK_S):
            yield _letter(message)

    def replay(self) -> int:
        count = 0
        for message in self._receive(visibility_s=60):
            self._client.send_message(QueueUrl=self._queue_url, MessageBody=message["Body"])
            self._client.delete_message(QueueUrl=self._dead_url, ReceiptHandle=message["ReceiptHandle"])
            count += 1
        return count

    def _receive(self, visibility_s: int) -> Iterator[Any]:
        """Each message once, until none is visible any more."""
        seen: set[str] = set()
        while True:
            answer = self._client.receive_message(
                QueueUrl=self._dead_url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=visibility_s,
                WaitTimeSeconds=1,
                MessageSystemAttributeNames=["SentTimestamp"],
            )
            fresh = [found for found in answer.get("Messages", []) if found["MessageId"] not in seen]
            if not fresh:
                return
            seen |= {found["MessageId"] for found in fresh}
            yield from fresh


def _letter(message: Any) -> DeadLetter:
    sent_at = int(message["Attributes"]["SentTimestamp"]) / 1000
    return DeadLetter(message["MessageId"], sent_at, message["Body"])
