"""`commander dead-letters`, as it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cloud.__main__ import main
from tests.fakes.functions import VARIABLES

REGION = "us-west-2"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield boto3.client("sqs", region_name=REGION)


def _dead(client: Any, count: int) -> str:
    url: str = client.create_queue(QueueName="dead")["QueueUrl"]
    for number in range(count):
        client.send_message(QueueUrl=url, MessageBody=f"rubbish {number}")
    return url


def test_all_are_shown_and_counted(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dead-letters", "show", "--dead-letter-url", _dead(client, 12)]) == 0
    *lines, total = capsys.readouterr().out.splitlines()
    assert (len(lines), total) == (12, "12 reports could not be stored")


def test_total_says_what_it_does_not_know(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    url = _dead(client, 5)
    client.receive_message(QueueUrl=url, MaxNumberOfMessages=2, VisibilityTimeout=60)
    assert main(["dead-letters", "show", "--dead-letter-url", url]) == 0
    *_, total, rest = capsys.readouterr().out.splitlines()
    assert total == "3 reports could not be stored"
    assert rest.startswith("The queue says that about 5 wait")


def test_replay(client: Any, capsys: pytest.CaptureFixture[str]) -> None:
    url = _dead(client, 3)
    queue = client.create_queue(QueueName="reports")["QueueUrl"]
    assert main(["dead-letters", "replay", "--dead-letter-url", url]) == 1
    assert "--queue-url" in capsys.readouterr().err
    assert main(["dead-letters", "replay", "--dead-letter-url", url, "--queue-url", queue]) == 0
    assert capsys.readouterr().out == "3 reports were put back into the queue\n"


@pytest.mark.parametrize("action", ["show", "replay"])
def test_a_queue_that_cannot_be_asked_is_told_in_a_sentence(
    client: Any, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    url = f"https://sqs.{REGION}.amazonaws.com/123456789012/none"
    assert main(["dead-letters", action, "--dead-letter-url", url, "--queue-url", url]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"commander: The queue at {url!r} cannot be asked: ")


def test_without_a_region_a_sentence(
    client: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    assert main(["dead-letters", "show", "--dead-letter-url", "nonsense"]) == 1
    assert capsys.readouterr().err == "commander: 'nonsense' names no region: set AWS_DEFAULT_REGION.\n"


def test_without_credentials_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    url = f"https://sqs.{REGION}.amazonaws.com/123456789012/dead"
    assert main(["dead-letters", "show", "--dead-letter-url", url]) == 1
    assert "Unable to locate credentials" in capsys.readouterr().err
