"""Secrets: those that the operator put into the parameter store, and one that the deployment makes."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cloud.settings import PARAMETER_PREFIX
from infra.cdk.findings import Finding, accept
from infra.cdk.functions import allow

_NO_ROTATION = Finding(
    "AwsSolutions-SMG4",
    "It tells CloudFront from others, and opens nothing: who has it could only make up the address that a "
    "request seems to come from. A new one must reach CloudFront and the function at once.",
)


def origin_proof(scope: Construct) -> str:
    """What only our CloudFront sends along: made once, filled in by CloudFormation, not in the template."""
    secret = secretsmanager.Secret(
        scope,
        "OriginProof",
        description="Proves to the commander that a request came by its own CloudFront",
        generate_secret_string=secretsmanager.SecretStringGenerator(
            password_length=48, exclude_punctuation=True
        ),
        removal_policy=RemovalPolicy.DESTROY,
    )
    accept(secret, _NO_ROTATION)
    return secret.secret_value.unsafe_unwrap()


def read_secrets(scope: Stack, settings: Mapping[str, str]) -> list[iam.PolicyStatement]:
    """Allows reading each parameter that a setting names; its key is the account's own for parameters."""
    names = [text.removeprefix(PARAMETER_PREFIX + "/") for text in settings.values() if _is_secret(text)]
    arns = [scope.format_arn(service="ssm", resource="parameter", resource_name=name) for name in names]
    return [allow(["ssm:GetParameter"], arn) for arn in arns]


def _is_secret(text: str) -> bool:
    return text.startswith(PARAMETER_PREFIX)
