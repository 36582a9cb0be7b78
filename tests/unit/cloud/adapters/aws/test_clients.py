"""Clients by botocore alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cloud.adapters.aws.clients import create_client


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def test_a_client_is_bound_to_its_region_and_tries_again_a_little() -> None:
    client = create_client("sqs", "eu-central-1", tries=2)
    assert client.meta.endpoint_url == "https://sqs.eu-central-1.amazonaws.com"
    assert client.meta.config.retries["total_max_attempts"] == 2
    assert client.meta.config.read_timeout == 5


def test_an_endpoint_of_ones_own() -> None:
    client = create_client("sqs", "eu-central-1", endpoint="http://127.0.0.1:4566")
    assert client.meta.endpoint_url == "http://127.0.0.1:4566"


def test_the_emulators_address_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    assert create_client("sqs", "eu-central-1").meta.endpoint_url == "http://127.0.0.1:4566"


def test_boto3_is_not_needed() -> None:
    code = "import sys, cloud.adapters.aws.clients as c; c.create_client('sqs', 'eu-central-1')"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; assert 'boto3' not in sys.modules"], check=False, timeout=60
    )
    assert done.returncode == 0
