"""The two APIs: every route of the commander by name, and the pages' socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from aws_cdk import CfnElement, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cloud.app import ROUTES
from infra.cdk.findings import Finding, accept
from infra.cdk.functions import allow
from infra.cdk.parameters import Edition

SOCKET_STAGE = "socket"
"""CloudFront passes the page's `/socket` on unchanged, and API Gateway reads it as the stage."""

_NO_AUTHORIZER = Finding(
    "AwsSolutions-APIG4",
    "Agents' tokens, people's sessions and sockets' tickets are checked by the function, the same on one "
    "machine and here; no route exists without a declared permission.",
)
_NO_ACCESS_LOG = Finding(
    "AwsSolutions-APIG1",
    "A line for each report would cost more than keeping the report. API Gateway counts calls and refusals, "
    "and the function logs what went wrong.",
)


@dataclass(frozen=True, slots=True)
class Limit:
    """Requests a second, on average and at once; beyond it API Gateway answers 429."""

    rate: int
    burst: int

    def throttle(self) -> gateway.ThrottleSettings:
        return gateway.ThrottleSettings(rate_limit=self.rate, burst_limit=self.burst)


HTTP_LIMITS = {Edition.SELFHOST: Limit(500, 1_000), Edition.ENTERPRISE: Limit(5_000, 5_000)}
SIGN_INS = (
    "POST /v1/session",
    "POST /v1/passwords/forgotten",
    "POST /v1/passwords/reset",
    "POST /v1/invitations/look",
    "POST /v1/invitations/join",
    "GET /v1/oidc/start",
    "GET /v1/oidc/callback",
)
SIGN_IN_LIMITS = {Edition.SELFHOST: Limit(5, 20), Edition.ENTERPRISE: Limit(50, 100)}
"""Of each: open to strangers, some slow on purpose; they must not use up what reports need."""
SOCKET_LIMITS = {Edition.SELFHOST: Limit(100, 200), Edition.ENTERPRISE: Limit(500, 1_000)}


def http_api(scope: Construct, edition: Edition, function: lambda_.IFunction) -> gateway.HttpApi:
    """Chalice accepts payload 1.0, and routes by the route that API Gateway names: so no catch-all.

    No CORS: page and API share one origin.
    """
    api = gateway.HttpApi(scope, "HttpApi", create_default_stage=False)
    integration = integrations.HttpLambdaIntegration(
        "Api",
        function,
        payload_format_version=gateway.PayloadFormatVersion.VERSION_1_0,
        # One permission for all routes: a function's policy has no room for one each.
        scope_permission_to_route=False,
    )
    routes: dict[str, gateway.HttpRoute] = {}
    for route in ROUTES:
        method = gateway.HttpMethod[route.method]
        (added,) = api.add_routes(path=route.path, methods=[method], integration=integration)
        routes[f"{route.method} {route.path}"] = added
    throttle = HTTP_LIMITS[edition].throttle()
    stage = gateway.HttpStage(scope, "HttpStage", http_api=api, auto_deploy=True, throttle=throttle)
    _limit_routes(stage, {key: routes[key] for key in SIGN_INS}, SIGN_IN_LIMITS[edition])
    accept(api, _NO_AUTHORIZER)
    accept(stage, _NO_ACCESS_LOG)
    return api


def _limit_routes(stage: gateway.HttpStage, routes: Mapping[str, gateway.HttpRoute], limit: Limit) -> None:
    settings = {"ThrottlingRateLimit": limit.rate, "ThrottlingBurstLimit": limit.burst}
    inner = cast("gateway.CfnStage", stage.node.default_child)
    inner.add_property_override("RouteSettings", dict.fromkeys(routes, settings))
    # A stage is refused that limits a route which is not there yet.
    stage.node.add_dependency(*routes.values())


@dataclass(frozen=True, slots=True)
class SocketApi:
    """The pages' API, and the one stage of it."""

    api: gateway.WebSocketApi
    stage: gateway.WebSocketStage


def socket_api(scope: Construct, edition: Edition) -> SocketApi:
    """Without routes yet: their function must be told first where the API is."""
    api = gateway.WebSocketApi(scope, "SocketApi")
    stage = gateway.WebSocketStage(
        scope,
        "SocketStage",
        web_socket_api=api,
        stage_name=SOCKET_STAGE,
        auto_deploy=True,
        throttle=SOCKET_LIMITS[edition].throttle(),
    )
    accept(api, _NO_AUTHORIZER)
    accept(stage, _NO_ACCESS_LOG)
    return SocketApi(api, stage)


def connect(api: gateway.WebSocketApi, function: lambda_.IFunction) -> None:
    """All three routes to the one function."""
    for route in ("$connect", "$default", "$disconnect"):
        name = "On" + route.removeprefix("$").title()
        api.add_route(route, integration=integrations.WebSocketLambdaIntegration(name, function))


def reach_connections(socket: SocketApi, method: str) -> iam.PolicyStatement:
    """Allows POST (sending to) or DELETE (closing) of any connection of the stage, and nothing else."""
    path = f"{socket.stage.stage_name}/{method}/@connections/*"
    stack = Stack.of(socket.api)
    api = stack.get_logical_id(cast("CfnElement", socket.api.node.default_child))
    arn = f"arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<{api}>/{path}"
    accept(
        stack, Finding(f"AwsSolutions-IAM5[Resource::{arn}]", "A connection has no name before it is there.")
    )
    resource = stack.format_arn(service="execute-api", resource=socket.api.api_id, resource_name=path)
    return allow(["execute-api:ManageConnections"], resource)
