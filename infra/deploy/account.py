"""The AWS account that the credentials of the environment belong to, and its clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from infra.deploy.choices import DeployError

_NO_REGION = (
    "No region is chosen. Say --region eu-central-1, set AWS_REGION, or give your AWS profile a region."
)
_NO_CREDENTIALS = (
    "No AWS credentials were found. Sign in with the AWS command line (`aws configure sso`, `aws sso login`) "
    "and set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account that answers, and the region to deploy to."""

    number: str
    region: str
    session: boto3.Session


def find_account(region: str | None, environment: Mapping[str, str]) -> Account:
    """Asks AWS who we are; raises DeployError in words."""
    try:
        session = boto3.Session(region_name=region or environment.get("AWS_REGION"))
        if session.region_name is None:
            raise DeployError(_NO_REGION)
        number = session.client("sts").get_caller_identity()["Account"]
    except NoCredentialsError as error:
        raise DeployError(_NO_CREDENTIALS) from error
    except (BotoCoreError, ClientError) as error:
        raise DeployError(f"AWS does not accept these credentials, or is not reached: {error}") from error
    return Account(number, session.region_name, session)
