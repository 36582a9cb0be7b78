"""Ports in AWS, from the variables of a function's environment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import boto3
import pytest

from cloud.bootstrap import _told, dead_letters, in_aws
from cloud.domain.keys import Key
from cloud.domain.policy import DAY_S, Policy
from cloud.ports import Item, Letter, MailUnavailable, ProviderRefused, Put, StoreUnavailable, Trip
from cloud.settings import SettingsError
from tests.fakes import management_api
from tests.fakes.functions import REGION, VARIABLES, table
from tests.fakes.mail_server import mail_server


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


def test_a_person_may_not_ask_without_end() -> None:
    requests = in_aws(VARIABLES).requests
    assert requests is not None
    waits_s = [requests.take("a@b.test") for _ in range(Policy().requests_burst + 100)]
    assert waits_s[: Policy().requests_burst] == [0] * Policy().requests_burst
    assert 0 < max(waits_s) <= 1 / Policy().requests_per_s
    assert requests.take("c@b.test") == 0


def test_the_proof_of_cloudfront_is_known_and_not_shown() -> None:
    assert in_aws(VARIABLES).origin_secret == ""
    ports = in_aws({**VARIABLES, "RIG_ORIGIN_SECRET": "of-this-deployment"})
    assert ports.origin_secret == "of-this-deployment"
    assert "of-this-deployment" not in repr(ports)


PROVIDER = {
    "RIG_OIDC_ISSUER": "https://127.0.0.1:1/",
    "RIG_OIDC_CLIENT_ID": "rigs",
    "RIG_OIDC_NAME": "Our club",
}


def test_a_provider_is_there_where_it_is_set_and_is_asked_only_when_needed() -> None:
    assert (in_aws(VARIABLES).provider, in_aws(VARIABLES).provider_name) == (None, None)
    ports = in_aws({**VARIABLES, **PROVIDER})
    assert ports.provider_name == "Our club"
    assert ports.provider is not None
    trip = Trip("https://rigs.example.org/", "s", "n", "v")
    with pytest.raises(ProviderRefused, match=r"127\.0\.0\.1 did not answer"):
        ports.provider.begin(trip)
    with pytest.raises(ProviderRefused, match="did not answer"):
        ports.provider.finish(trip, "code")


def test_a_secret_is_read_from_the_parameter_store_when_it_is_needed() -> None:
    session = in_aws(VARIABLES).store.session  # type: ignore[attr-defined]
    assert _told(VARIABLES, session, "the secret itself") == "the secret itself"
    with pytest.raises(StoreUnavailable, match="the parameter /rigs/oidc cannot be read"):
        _told(VARIABLES, session, "ssm:/rigs/oidc")
    client = boto3.client("ssm", region_name=REGION)
    for value in ("first", "second"):
        client.put_parameter(Name="/rigs/oidc", Value=value, Type="SecureString", Overwrite=True)
        assert _told(VARIABLES, session, "ssm:/rigs/oidc") == value


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
    foreign = "{'botocore', 'pynamodb', 'argon2', 'chalice', 'joserfc', 'http.client'}"
    code = f"import sys, cloud.bootstrap; print(sorted({foreign} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


MAIL = {"RIG_SMTP_URL": "ssm:/rigs/smtp", "RIG_MAIL_FROM": "rigs@example.org"}


def test_mail_in_aws_reads_its_server_when_a_letter_goes_out() -> None:
    public = {**VARIABLES, "RIG_PUBLIC_URL": "https://rigs.example.org"}
    assert in_aws(public).mail is None
    mail = in_aws({**public, **MAIL}).mail
    assert mail is not None
    letter = Letter("ann@example.org", "Hello", "text")
    with pytest.raises(MailUnavailable, match="the parameter /rigs/smtp cannot be read"):
        mail.send(letter)
    client = boto3.client("ssm", region_name=REGION)
    client.put_parameter(Name="/rigs/smtp", Value="smtp://elsewhere.example.org", Type="SecureString")
    with pytest.raises(MailUnavailable, match="RIG_SMTP_URL must be smtps://"):
        mail.send(letter)
    with mail_server() as (received, port):
        url = f"smtp://127.0.0.1:{port}"
        client.put_parameter(Name="/rigs/smtp", Value=url, Type="SecureString", Overwrite=True)
        mail.send(letter)
    assert [sent["To"] for sent in received.letters] == [letter.to]


def test_letters_need_the_pages_address() -> None:
    with pytest.raises(SettingsError, match="RIG_PUBLIC_URL is not set"):
        in_aws({**VARIABLES, **MAIL})
