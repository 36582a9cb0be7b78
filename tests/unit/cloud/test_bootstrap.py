"""Ports in AWS, from the variables of a function's environment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import boto3
import pytest

from cloud.bootstrap import dead_letters, in_aws
from cloud.domain.keys import Key
from cloud.domain.policy import DAY_S, Policy
from cloud.ports import Item, Put
from cloud.settings import SettingsError
from tests.fakes import management_api
from tests.fakes.functions import REGION, VARIABLES, table


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    with table():
        yield


def test_the_store_is_the_table() -> None:
    item = Item(Key("p", "s"), "thing", b"body")
    assert in_aws(VARIABLES).store.write(Put(item))
    assert in_aws(VARIABLES).store.get(item.key) == item


def test_the_client_is_there_before_the_first_request() -> None:
    store = in_aws(VARIABLES).store
    assert store._connection._client is not None  # type: ignore[attr-defined]


@pytest.mark.parametrize("variable", ["RIG_TABLE", "AWS_REGION"])
def test_what_must_be_set_is_named(variable: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable} is not set"):
        in_aws({**VARIABLES, variable: ""})


def test_selfhost_has_no_queue_and_enterprise_has() -> None:
    assert in_aws(VARIABLES).queue is None
    client = boto3.client("sqs", region_name=REGION)
    url = client.create_queue(QueueName="reports")["QueueUrl"]
    queue = in_aws({**VARIABLES, "RIG_QUEUE_URL": url}).queue
    assert queue is not None
    queue.send("a report")
    assert client.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "a report"


def test_settings_count_and_the_rest_is_the_clouds_policy() -> None:
    ports = in_aws({**VARIABLES, "RIG_DAYS_KEPT_DAYS": "31", "RIG_PUBLIC_URL": "https://rigs.example.org"})
    assert ports.policy.days_kept_s == 31 * DAY_S
    assert ports.policy.report_interval_s == Policy().report_interval_s
    assert ports.public_url == "https://rigs.example.org"
    assert in_aws(VARIABLES).public_url == ""


def test_a_bad_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="RIG_DAYS_KEPT_DAYS"):
        in_aws({**VARIABLES, "RIG_DAYS_KEPT_DAYS": "-1"})


def test_an_agent_may_not_report_without_end() -> None:
    rates = in_aws({**VARIABLES, "RIG_REPORTS_BURST": "2"}).rates
    assert rates is not None
    assert [rates.take("agent_1") > 0 for _ in range(3)] == [False, False, True]


def test_passwords_are_argon2id() -> None:
    passwords = in_aws(VARIABLES).passwords
    hashed = passwords.hash("a good password")
    assert hashed.startswith("$argon2id$")
    assert passwords.verify("a good password", hashed)
    assert not passwords.verify("another", hashed)
    assert not passwords.verify("a good password", None)


def test_sign_ins_are_limited_by_account_and_not_by_what_cloudfront_hides() -> None:
    ports = in_aws(VARIABLES)
    assert ports.sign_ins_by_address is None
    assert ports.sign_ins_by_email is not None
    waits_s = [ports.sign_ins_by_email.take("digest") for _ in range(21)]
    assert waits_s[:20] == [0] * 20
    assert 0 < waits_s[20] <= 6


def test_messages_to_pages_go_to_the_stage() -> None:
    with management_api.serving() as api:
        ports = in_aws({**VARIABLES, "RIG_SOCKET_ENDPOINT": f"{api.url}/live"})
        assert ports.sockets.send("c1", b"{}")
        assert [asked.path for asked in api.asked] == ["/live/@connections/c1"]


def test_in_an_emulator_they_go_through_it() -> None:
    with management_api.serving() as api:
        ports = in_aws({**VARIABLES, "AWS_ENDPOINT_URL": api.url})
        assert ports.sockets.send("c1", b"{}")
        path = "/_aws/execute-api/a1b2c3d4e5/live/@connections/c1"
        assert [asked.path for asked in api.asked] == [path]


def test_functions_without_pages_need_no_stage() -> None:
    ports = in_aws({**VARIABLES, "RIG_SOCKET_ENDPOINT": ""})
    with pytest.raises(SettingsError, match="RIG_SOCKET_ENDPOINT is not set"):
        ports.sockets.send("c1", b"{}")


def test_dead_letters_lie_in_the_region_of_their_queue() -> None:
    client = boto3.client("sqs", region_name="us-west-2")
    url = client.create_queue(QueueName="dead")["QueueUrl"]
    client.send_message(QueueUrl=url, MessageBody="rubbish")
    assert [letter.body for letter in dead_letters(url, "").show()] == ["rubbish"]


def test_a_dead_letter_queue_without_a_region_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with pytest.raises(SettingsError, match="'nonsense' names no region: set AWS_DEFAULT_REGION"):
        dead_letters("nonsense", "")
    with pytest.raises(SettingsError, match="cannot be asked"):
        dead_letters("https://sqs..amazonaws.com/1", "")


def test_one_machine_does_not_wait_for_the_libraries_of_aws() -> None:
    foreign = "{'botocore', 'pynamodb', 'argon2', 'chalice'}"
    code = f"import sys, cloud.bootstrap; print(sorted({foreign} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
