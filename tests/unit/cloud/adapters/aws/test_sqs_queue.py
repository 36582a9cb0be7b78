"""Every dead letter is shown once, however slowly they are read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from cloud.adapters.aws.sqs_queue import SqsDeadLetters, SqsQueue
from cloud.ports import StoreUnavailable
from tests.fakes.functions import REGION, VARIABLES


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    assert os.environ["AWS_ACCESS_KEY_ID"] == "testing"
    with mock_aws():
        yield boto3.client("sqs", region_name=REGION)


def _letters(client: Any, count: int) -> SqsDeadLetters:
    urls = [client.create_queue(QueueName=name)["QueueUrl"] for name in ("dead", "reports")]
    for number in range(count):
        client.send_message(QueueUrl=urls[0], MessageBody=f"letter {number}")
    return SqsDeadLetters(client, *urls)


ALL = sorted(f"letter {number}" for number in range(35))


def test_each_is_shown_once_and_again_at_the_next_look(client: Any) -> None:
    letters = _letters(client, 35)
    for _ in range(2):
        assert letters.waiting() == 35
        assert sorted(letter.body for letter in letters.show()) == ALL


class Repeating:
    """SQS that gives the first letters once more before it gives the rest, as when their time is over."""

    def __init__(self, client: Any) -> None:
        self._client, self._answers = client, list[Any]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def receive_message(self, **given: Any) -> Any:
        if len(self._answers) == 1:
            self._answers *= 2
            return self._answers[0]
        self._answers.append(self._client.receive_message(**given))
        return self._answers[-1]


def test_letters_that_come_a_second_time_end_nothing_and_count_once(client: Any) -> None:
    letters = _letters(Repeating(client), 35)
    assert sorted(letter.body for letter in letters.show()) == ALL


def test_no_letter_waits_for_the_reader(client: Any) -> None:
    """Whoever reads slowly sees what was there when he began: nothing is asked for in between."""
    letters = _letters(client, 35)
    shown = letters.show()
    first = next(shown)
    client.purge_queue(QueueUrl=client.get_queue_url(QueueName="dead")["QueueUrl"])
    assert sorted([first.body, *(letter.body for letter in shown)]) == ALL


def test_what_somebody_else_looks_at_is_still_counted(client: Any) -> None:
    letters = _letters(client, 3)
    client.receive_message(QueueUrl=client.get_queue_url(QueueName="dead")["QueueUrl"], VisibilityTimeout=60)
    assert (letters.waiting(), len(list(letters.show()))) == (3, 2)


def test_a_queue_that_is_not_there_is_told(client: Any) -> None:
    url = f"https://sqs.{REGION}.amazonaws.com/123456789012/none"
    letters = SqsDeadLetters(client, url, url)
    for ask in (letters.waiting, lambda: list(letters.show()), letters.replay):
        with pytest.raises(StoreUnavailable, match="does not exist"):
            ask()
    with pytest.raises(StoreUnavailable):
        SqsQueue(client, url).send("report")


class Stubborn:
    """SQS that lets nobody change how long a letter is hidden."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def change_message_visibility_batch(self, **given: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "ChangeMessageVisibilityBatch")


def test_whoever_may_not_let_go_is_shown_them_too(client: Any) -> None:
    assert len(list(_letters(Stubborn(client), 12).show())) == 12
