"""The queue between ingest and store, on SQS, and what could not be stored after several tries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from cloud.ports import DeadLetter, ItemTooLarge, StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MAX_MESSAGE_BYTES = 256 * 1024
_LOOK_S = 120
"""How long a dead letter may stay hidden from others: until all are found, however many there are."""
_BATCH = 10


class SqsQueue:
    """The port `Queue`."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client, self._url = client, url

    def send(self, message: str) -> None:
        if len(message) > MAX_MESSAGE_BYTES:
            raise ItemTooLarge(f"{len(message)} bytes; a message holds {MAX_MESSAGE_BYTES}")
        with _unavailable():
            self._client.send_message(QueueUrl=self._url, MessageBody=message)


class SqsDeadLetters:
    """The port `DeadLetters`."""

    def __init__(self, client: SQSClient, dead_url: str, queue_url: str) -> None:
        self._client, self._dead_url, self._queue_url = client, dead_url, queue_url

    def waiting(self) -> int:
        with _unavailable():
            answer = self._client.get_queue_attributes(
                QueueUrl=self._dead_url,
                AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
            )
        return sum(map(int, answer["Attributes"].values()))

    def show(self) -> Iterator[DeadLetter]:
        # All of them first: while a reader takes his time, letters would come into sight a second time.
        with _unavailable():
            found = list(self._receive(visibility_s=_LOOK_S))
            self._let_go(found)
        yield from map(_letter, found)

    def replay(self) -> int:
        count = 0
        with _unavailable():
            for message in self._receive(visibility_s=60):
                self._client.send_message(QueueUrl=self._queue_url, MessageBody=message["Body"])
                receipt = message["ReceiptHandle"]
                self._client.delete_message(QueueUrl=self._dead_url, ReceiptHandle=receipt)
                count += 1
        return count

    def _receive(self, visibility_s: int) -> Iterator[Any]:
        """Each message once, until SQS has asked all its servers and finds none that is visible."""
        seen: set[str] = set()
        while messages := self._some(visibility_s):
            fresh = [found for found in messages if found["MessageId"] not in seen]
            seen |= {found["MessageId"] for found in fresh}
            yield from fresh

    def _some(self, visibility_s: int) -> Sequence[Any]:
        answer = self._client.receive_message(
            QueueUrl=self._dead_url,
            MaxNumberOfMessages=_BATCH,
            VisibilityTimeout=visibility_s,
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=["SentTimestamp"],
        )
        return answer.get("Messages", [])

    def _let_go(self, messages: Sequence[Any]) -> None:
        """So that the next look finds them at once; they come back by themselves too, only later."""
        for start in range(0, len(messages), _BATCH):
            part = enumerate(messages[start : start + _BATCH])
            with suppress(BotoCoreError, ClientError):
                self._client.change_message_visibility_batch(
                    QueueUrl=self._dead_url,
                    Entries=[
                        {"Id": str(number), "ReceiptHandle": found["ReceiptHandle"], "VisibilityTimeout": 0}
                        for number, found in part
                    ],
                )


@contextmanager
def _unavailable() -> Iterator[None]:
    """Turns what SQS could not do into the port's error."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailable(str(error)) from error


def _letter(message: Any) -> DeadLetter:
    sent_at = int(message["Attributes"]["SentTimestamp"]) / 1000
    return DeadLetter(message["MessageId"], sent_at, message["Body"])
