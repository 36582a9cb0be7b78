"""A function with a role and a log of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.cdk.findings import Finding, accept
from infra.cdk.parameters import Parameters

_OLDER_RUNTIME = Finding(
    "AwsSolutions-L1", "The package is built, compiled and measured for this runtime; a test run moves it on."
)


@dataclass(frozen=True, slots=True)
class Program:
    """What runs, how large, and how long at most. It is never retried when `retries` is 0."""

    handler: str
    memory_mb: int
    timeout_s: int
    retries: int | None = None


def add_function(
    scope: Construct,
    name: str,
    program: Program,
    parameters: Parameters,
    environment: Mapping[str, str],
    allowed: Sequence[iam.PolicyStatement],
) -> lambda_.Function:
    """The function may do what `allowed` says and write its own log, nothing else."""
    log = logs.LogGroup(
        scope,
        f"{name}Log",
        retention=logs.RetentionDays.ONE_MONTH,
        removal_policy=RemovalPolicy.DESTROY,
    )
    function = lambda_.Function(
        scope,
        name,
        code=lambda_.Code.from_asset(str(parameters.package)),
        handler=program.handler,
        runtime=lambda_.Runtime(parameters.runtime, lambda_.RuntimeFamily.PYTHON),
        architecture=_architecture(parameters),
        memory_size=program.memory_mb,
        timeout=Duration.seconds(program.timeout_s),
        environment={**environment, **parameters.settings},
        role=_role(scope, name, [*allowed, _write(log)]),
        log_group=log,
        logging_format=lambda_.LoggingFormat.JSON,
        # The platform's START, END and REPORT lines would cost more than the work they tell of.
        system_log_level_v2=lambda_.SystemLogLevel.WARN,
        application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
        retry_attempts=program.retries,
    )
    accept(function, _OLDER_RUNTIME)
    return function


def allow(actions: Sequence[str], resource: str) -> iam.PolicyStatement:
    """A statement that lets a role do `actions` on one resource."""
    return iam.PolicyStatement(actions=list(actions), resources=[resource])


def _architecture(parameters: Parameters) -> lambda_.Architecture:
    arm = parameters.architecture == "arm64"
    return lambda_.Architecture.ARM_64 if arm else lambda_.Architecture.X86_64


def _role(scope: Construct, name: str, allowed: Sequence[iam.PolicyStatement]) -> iam.Role:
    """The policy is part of the role, so that whatever needs the role finds it complete."""
    return iam.Role(
        scope,
        f"{name}Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        inline_policies={"Access": iam.PolicyDocument(statements=list(allowed))},
    )


def _write(log: logs.LogGroup) -> iam.PolicyStatement:
    return allow(["logs:CreateLogStream", "logs:PutLogEvents"], log.log_group_arn)
