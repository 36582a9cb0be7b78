"""Secrets come from the parameter store, and an error names only the parameter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cloud.adapters.aws.ssm_secrets import read_secret
from cloud.ports import StoreUnavailable
from tests.fakes.functions import REGION, VARIABLES


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield boto3.client("ssm", region_name=REGION)


def test_a_secret_is_decrypted(client: Any) -> None:
    client.put_parameter(Name="/rigs/smtp", Value="smtps://me:word@mail.example", Type="SecureString")
    assert read_secret(client, "/rigs/smtp") == "smtps://me:word@mail.example"


def test_a_missing_one_is_told_by_its_name(client: Any) -> None:
    with pytest.raises(
        StoreUnavailable, match=r"the parameter /rigs/smtp cannot be read: .*ParameterNotFound"
    ):
        read_secret(client, "/rigs/smtp")
