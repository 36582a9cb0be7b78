"""Routes, functions and triggers are those of the program, and the queue is the enterprise edition's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloud.app import ROUTES
from cloud.settings import SETTINGS
from infra.cdk.queues import VISIBLE_AGAIN_S
from tests.infra.synthesis import DOMAIN, MAIL, PROVIDER, Deployment, Resource

FUNCTIONS = {"api", "socket", "stream", "schedule"}
API_GATEWAY_WAITS_S = 30


def _name(function: Resource) -> str:
    return str(function.properties["Handler"].split(".")[2])


def _environment(deployment: Deployment, function: str) -> dict[str, Any]:
    found: dict[str, Any] = deployment.function(function).properties["Environment"]["Variables"]
    return found


def _routes(deployment: Deployment, protocol: str) -> list[Resource]:
    (api,) = (
        api.name
        for api in deployment.resources("AWS::ApiGatewayV2::Api")
        if api.properties["ProtocolType"] == protocol
    )
    routes = deployment.resources("AWS::ApiGatewayV2::Route")
    return [route for route in routes if route.properties["ApiId"] == {"Ref": api}]


def _called(deployment: Deployment, route: Resource) -> str:
    """The name of the function that a route calls."""
    integration = route.properties["Target"]["Fn::Join"][1][1]["Ref"]
    (found,) = (
        found for found in deployment.resources("AWS::ApiGatewayV2::Integration") if found.name == integration
    )
    (function,) = (
        _name(function)
        for function in deployment.resources("AWS::Lambda::Function")
        if function.name in json.dumps(found.properties["IntegrationUri"])
    )
    return function


def test_every_route_of_the_program_and_no_other(deployment: Deployment) -> None:
    routes = _routes(deployment, "HTTP")
    keys = sorted(route.properties["RouteKey"] for route in routes)
    assert keys == sorted(f"{route.method} {route.path}" for route in ROUTES)
    assert {_called(deployment, route) for route in routes} == {"api"}


def test_payload_is_the_one_that_chalice_reads(deployment: Deployment) -> None:
    (integration,) = (
        found.properties
        for found in deployment.resources("AWS::ApiGatewayV2::Integration")
        if "PayloadFormatVersion" in found.properties
    )
    assert integration["PayloadFormatVersion"] == "1.0"


def test_all_three_moments_of_a_socket_have_their_route(deployment: Deployment) -> None:
    routes = _routes(deployment, "WEBSOCKET")
    assert {route.properties["RouteKey"] for route in routes} == {"$connect", "$default", "$disconnect"}
    assert {_called(deployment, route) for route in routes} == {"socket"}


def test_page_and_api_share_an_origin_so_there_is_no_cors(deployment: Deployment) -> None:
    for api in deployment.resources("AWS::ApiGatewayV2::Api"):
        assert "CorsConfiguration" not in api.properties


def test_stages_have_limits(deployment: Deployment) -> None:
    stages = deployment.resources("AWS::ApiGatewayV2::Stage")
    assert len(stages) == 2
    for stage in stages:
        settings = stage.properties["DefaultRouteSettings"]
        assert 0 < settings["ThrottlingRateLimit"] <= settings["ThrottlingBurstLimit"]


def test_signing_in_has_a_limit_of_its_own_so_that_reports_get_through(deployment: Deployment) -> None:
    (stage,) = (
        stage
        for stage in deployment.resources("AWS::ApiGatewayV2::Stage")
        if "RouteSettings" in stage.properties
    )
    limits, others = stage.properties["RouteSettings"], stage.properties["DefaultRouteSettings"]
    assert {"POST /v1/session", "POST /v1/invitations/join", "GET /v1/oidc/start"} <= limits.keys()
    for limit in limits.values():
        assert 0 < limit["ThrottlingRateLimit"] <= others["ThrottlingRateLimit"] / 20
        assert limit["ThrottlingRateLimit"] <= limit["ThrottlingBurstLimit"] < others["ThrottlingBurstLimit"]
    limited = {route.name for route in _routes(deployment, "HTTP") if route.properties["RouteKey"] in limits}
    assert len(limited) == len(limits)
    assert limited <= set(stage.whole["DependsOn"])


def test_one_function_for_each_trigger(selfhost: Deployment, enterprise: Deployment) -> None:
    def names(deployment: Deployment) -> list[str]:
        return sorted(_name(function) for function in deployment.resources("AWS::Lambda::Function"))

    assert names(selfhost) == sorted(FUNCTIONS)
    assert names(enterprise) == sorted({*FUNCTIONS, "consumer"})


def test_functions_are_small_bounded_and_share_one_package(deployment: Deployment) -> None:
    functions = deployment.resources("AWS::Lambda::Function")
    assert {function.properties["MemorySize"] for function in functions} == {256}
    assert len({function.properties["Code"]["S3Key"] for function in functions}) == 1
    for function in functions:
        assert "ReservedConcurrentExecutions" not in function.properties
        assert "TracingConfig" not in function.properties
    assert deployment.function("api").properties["Timeout"] < API_GATEWAY_WAITS_S
    assert deployment.function("socket").properties["Timeout"] < API_GATEWAY_WAITS_S
    assert deployment.function("schedule").properties["Timeout"] < 60


def test_logs_end_and_the_platform_is_silent(deployment: Deployment) -> None:
    logs = {log.name: log for log in deployment.resources("AWS::Logs::LogGroup")}
    functions = deployment.resources("AWS::Lambda::Function")
    config = [function.properties["LoggingConfig"] for function in functions]
    assert len({found["LogGroup"]["Ref"] for found in config}) == len(functions) == len(logs)
    assert {(found["LogFormat"], found["SystemLogLevel"]) for found in config} == {("JSON", "WARN")}
    assert {log.properties["RetentionInDays"] for log in logs.values()} == {30}


def test_every_function_knows_the_table(deployment: Deployment) -> None:
    for function in deployment.resources("AWS::Lambda::Function"):
        table = function.properties["Environment"]["Variables"]["RIG_TABLE"]
        assert "ExportsOutputRefTable" in table["Fn::ImportValue"]


def test_functions_that_push_or_close_know_where(deployment: Deployment) -> None:
    knowing = {
        _name(function)
        for function in deployment.resources("AWS::Lambda::Function")
        if "RIG_SOCKET_ENDPOINT" in function.properties["Environment"]["Variables"]
    }
    assert knowing == {"api", "socket", "stream"}
    parts = _environment(deployment, "stream")["RIG_SOCKET_ENDPOINT"]["Fn::Join"][1]
    assert (parts[0], parts[-1]) == ("https://", "/socket")


def test_public_address_is_told_where_it_is_chosen(selfhost: Deployment, own_domain: Deployment) -> None:
    assert "RIG_PUBLIC_URL" not in _environment(selfhost, "api")
    assert _environment(own_domain, "api")["RIG_PUBLIC_URL"] == f"https://{DOMAIN}"


def test_settings_reach_every_function(selfhost: Deployment, own_domain: Deployment) -> None:
    assert not {setting.variable for setting in SETTINGS} & set(_environment(selfhost, "api"))
    for function in own_domain.resources("AWS::Lambda::Function"):
        assert function.properties["Environment"]["Variables"]["RIG_SAMPLES_KEPT_DAYS"] == "30"


def test_provider_and_mail_are_told_to_whom_they_concern(
    selfhost: Deployment, own_domain: Deployment
) -> None:
    told = {
        _name(function): {
            name: value
            for name, value in function.properties["Environment"]["Variables"].items()
            if name in PROVIDER | MAIL
        }
        for function in own_domain.resources("AWS::Lambda::Function")
    }
    nothing: dict[str, str] = {}
    assert told == {
        "api": PROVIDER | MAIL,
        "schedule": MAIL,
        **dict.fromkeys(("socket", "stream", "consumer"), nothing),
    }
    assert not (PROVIDER | MAIL).keys() & _environment(selfhost, "api").keys()


def test_only_the_enterprise_edition_has_a_queue(selfhost: Deployment, enterprise: Deployment) -> None:
    assert selfhost.resources("AWS::SQS::Queue") == []
    assert "RIG_QUEUE_URL" not in _environment(selfhost, "api")
    assert not {"QueueUrl", "DeadLetterUrl"} & set(selfhost.templates["App"]["Outputs"])
    assert len(enterprise.resources("AWS::SQS::Queue")) == 2
    url = enterprise.templates["App"]["Outputs"]["QueueUrl"]["Value"]
    assert _environment(enterprise, "api")["RIG_QUEUE_URL"] == url
    assert "RIG_QUEUE_URL" not in _environment(enterprise, "consumer")


def test_what_was_acknowledged_outlives_the_stack(enterprise: Deployment) -> None:
    queues = enterprise.resources("AWS::SQS::Queue")
    assert [queue.removal for queue in queues] == [("Retain", "Retain")] * 2
    assert {queue.properties["SqsManagedSseEnabled"] for queue in queues} == {True}


def test_poisoned_messages_go_aside_and_are_kept_longest(enterprise: Deployment) -> None:
    (reports,) = (
        queue for queue in enterprise.resources("AWS::SQS::Queue") if "RedrivePolicy" in queue.properties
    )
    (dead,) = (queue for queue in enterprise.resources("AWS::SQS::Queue") if queue != reports)
    target = reports.properties["RedrivePolicy"]["deadLetterTargetArn"]
    assert target == {"Fn::GetAtt": [dead.name, "Arn"]}
    kept_s = [queue.properties["MessageRetentionPeriod"] for queue in (reports, dead)]
    assert kept_s == [7 * 86_400, 14 * 86_400]


def test_consumer_answers_for_each_message_and_has_a_bound(enterprise: Deployment) -> None:
    (mapping,) = _mappings_of(enterprise, "consumer")
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 10}
    assert enterprise.function("consumer").properties["Timeout"] * 6 <= VISIBLE_AGAIN_S


def _mappings_of(deployment: Deployment, function: str) -> list[dict[str, Any]]:
    name = {"Ref": deployment.function(function).name}
    mappings = deployment.resources("AWS::Lambda::EventSourceMapping")
    return [found.properties for found in mappings if found.properties["FunctionName"] == name]


def test_only_watched_changes_start_the_stream_function(deployment: Deployment) -> None:
    (mapping,) = _mappings_of(deployment, "stream")
    patterns = [json.loads(found["Pattern"]) for found in mapping["FilterCriteria"]["Filters"]]
    watched = {"watched": {"BOOL": [True]}}
    assert patterns == [
        {"dynamodb": {"NewImage": watched}},
        {"eventName": ["REMOVE"], "dynamodb": {"OldImage": watched}},
    ]


def test_stream_is_merged_by_the_second_and_never_stuck(deployment: Deployment) -> None:
    (mapping,) = _mappings_of(deployment, "stream")
    assert mapping["MaximumBatchingWindowInSeconds"] == 1
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] == 2
    assert mapping["MaximumRecordAgeInSeconds"] == 60
    assert mapping["StartingPosition"] == "LATEST"


def test_clock_ticks_each_minute_and_what_was_missed_is_not_repeated(deployment: Deployment) -> None:
    rule = deployment.the("AWS::Events::Rule").properties
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    (target,) = rule["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": [deployment.function("schedule").name, "Arn"]}
    assert target["RetryPolicy"]["MaximumRetryAttempts"] == 0
    retries = deployment.the("AWS::Lambda::EventInvokeConfig").properties
    assert retries["MaximumRetryAttempts"] == 0
    assert retries["FunctionName"] == {"Ref": deployment.function("schedule").name}


OUTPUTS = {
    "Data": {"TableName", "PlaybooksBucket", "SigningKeyArn"},
    "App": {"HttpApiUrl", "SocketUrl"},
    "Site": {"SiteBucket", "SiteUrl", "DistributionDomain"},
}


@pytest.mark.parametrize("stack", OUTPUTS)
def test_outputs(stack: str, selfhost: Deployment, enterprise: Deployment) -> None:
    def told(deployment: Deployment) -> set[str]:
        return {name for name in deployment.templates[stack]["Outputs"] if not name.startswith("Exports")}

    queues = {"QueueUrl", "DeadLetterUrl"} if stack == "App" else set()
    assert told(selfhost) == OUTPUTS[stack]
    assert told(enterprise) == OUTPUTS[stack] | queues
