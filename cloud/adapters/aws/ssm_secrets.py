"""Reads secrets from the parameter store of Systems Manager, where the operator has put them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from cloud.ports import StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def read_secret(client: SSMClient, name: str) -> str:
    """The value of a SecureString; raises StoreUnavailable, which names the parameter and never its value."""
    try:
        answer = client.get_parameter(Name=name, WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailable(f"the parameter {name} cannot be read: {error}") from error
    return answer["Parameter"]["Value"]
