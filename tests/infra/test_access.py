"""Each function may do what its program does, to what is its own, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cloud.app import ROUTES
from tests.infra.calls import Place, calls_from
from tests.infra.synthesis import Deployment

ENTRIES: dict[str, list[Place]] = {
    "api": [
        *((route.handler.__module__, route.handler.__name__) for route in ROUTES),
        ("cloud.entrypoints.http.mount", "mount"),
    ],
    "socket": [("cloud.entrypoints.socket", "mount"), ("cloud.functions.socket", "handler")],
    "consumer": [("cloud.functions.consumer", "handler")],
    "stream": [("cloud.functions.stream", "handler")],
    "schedule": [("cloud.functions.schedule", "handler")],
}
# It is made of all routes; which of them an event can come to, ENTRIES says.
APP = ("cloud.app", "create_app")
READ_STREAM = {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}
OF_TRIGGERS = {
    "stream": READ_STREAM | {"dynamodb:ListStreams"},
    "consumer": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
}
LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
CONNECTIONS = "execute-api:ManageConnections"
# Wildcards in resources, each with the reason why nothing narrower is known.
WILDCARDS = {
    ("api", CONNECTIONS, "/socket/DELETE/@connections/*"): "connections have no name before they are there",
    ("socket", CONNECTIONS, "/socket/POST/@connections/*"): "as above",
    ("socket", CONNECTIONS, "/socket/DELETE/@connections/*"): "as above",
    ("stream", CONNECTIONS, "/socket/POST/@connections/*"): "as above",
    ("stream", "dynamodb:ListStreams", "/stream/*"): "it is about all streams of the table",
}


def _statements(deployment: Deployment, function: str) -> Iterator[tuple[set[str], str]]:
    """Actions, and the resource as text in which the last part stands as it is."""
    (policy,) = deployment.role_of(function).properties["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        assert statement["Effect"] == "Allow"
        assert statement.keys() == {"Action", "Effect", "Resource"}
        actions = statement["Action"]
        yield set([actions] if isinstance(actions, str) else actions), _text(statement["Resource"])


def _text(resource: Any) -> str:
    joined = resource.get("Fn::Join") if isinstance(resource, dict) else None
    return (
        "".join(map(_text, joined[1]))
        if joined
        else resource
        if isinstance(resource, str)
        else json.dumps(resource)
    )


def _functions(deployment: Deployment) -> list[str]:
    consumer = deployment.resources("AWS::SQS::Queue") != []
    return [name for name in ENTRIES if consumer or name != "consumer"]


@pytest.mark.parametrize("function", ENTRIES)
def test_role_allows_what_the_program_calls(enterprise: Deployment, function: str) -> None:
    called = calls_from(ENTRIES[function], but_not=[APP])
    methods = called & {"POST", "DELETE"}
    allowed: set[str] = set()
    reached: set[str] = set()
    for actions, resource in _statements(enterprise, function):
        allowed |= actions
        if CONNECTIONS in actions:
            reached.add(resource.split("/")[2])
    expected = (called - methods) | OF_TRIGGERS.get(function, set()) | LOG
    assert allowed == expected | ({CONNECTIONS} if methods else set())
    assert reached == methods


def test_selfhost_sends_to_no_queue(selfhost: Deployment, enterprise: Deployment) -> None:
    (direct, queued) = (
        set().union(*(actions for actions, _ in _statements(deployment, "api")))
        for deployment in (selfhost, enterprise)
    )
    assert queued - direct == {"sqs:SendMessage"}


def test_each_secret_is_read_by_the_one_function_that_uses_it(
    enterprise: Deployment, own_domain: Deployment
) -> None:
    def read(deployment: Deployment) -> dict[str, list[str]]:
        """By function, the end of each parameter's ARN."""
        return {
            function: [
                resource.partition(":parameter")[2]
                for actions, resource in _statements(deployment, function)
                if actions == {"ssm:GetParameter"}
            ]
            for function in ENTRIES
        }

    nothing: dict[str, list[str]] = {function: [] for function in ENTRIES}
    assert read(enterprise) == nothing
    assert read(own_domain) == {**nothing, "api": ["/rigs/oidc-secret"], "schedule": ["/rigs/smtp-url"]}


def test_every_function_has_its_own_role(deployment: Deployment) -> None:
    functions = deployment.resources("AWS::Lambda::Function")
    roles = {function.properties["Role"]["Fn::GetAtt"][0] for function in functions}
    assert len(roles) == len(functions) == len(deployment.resources("AWS::IAM::Role"))
    for role in deployment.resources("AWS::IAM::Role"):
        (trust,) = role.properties["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert "ManagedPolicyArns" not in role.properties
    assert deployment.resources("AWS::IAM::Policy") == []


def test_wildcards_are_the_listed_ones(deployment: Deployment) -> None:
    found = {
        (function, action, "/" + resource.partition("/")[2])
        for function in _functions(deployment)
        for actions, resource in _statements(deployment, function)
        for action in actions
        if "*" in resource
    }
    assert found == WILDCARDS.keys()
    actions = {
        action
        for function in _functions(deployment)
        for actions, _ in _statements(deployment, function)
        for action in actions
    }
    assert not [action for action in actions if "*" in action]


def test_what_others_may_do_is_only_refused_or_narrow(deployment: Deployment) -> None:
    """Policies of buckets, queues and the key: an allowance names who, and the key's is the account's."""
    kinds = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy")
    documents = [found.properties["PolicyDocument"] for kind in kinds for found in deployment.resources(kind)]
    allowed = [
        statement
        for document in documents
        for statement in document["Statement"]
        if statement["Effect"] == "Allow"
    ]
    assert [statement["Principal"] for statement in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
    (own,) = deployment.the("AWS::KMS::Key").properties["KeyPolicy"]["Statement"]
    assert _text(own["Principal"]["AWS"]).endswith(':iam::{"Ref": "AWS::AccountId"}:root')


def test_who_calls_functions_is_one_api_or_rule(deployment: Deployment) -> None:
    permissions = [found.properties for found in deployment.resources("AWS::Lambda::Permission")]
    assert len(permissions) == 5
    for permission in permissions:
        assert permission["Action"] == "lambda:InvokeFunction"
        own = (
            ("HttpApi", "SocketApi") if permission["Principal"].startswith("apigateway") else ("EachMinute",)
        )
        assert any(name in _text(permission["SourceArn"]) for name in own)


def test_reading_the_program_finds_what_is_there() -> None:
    assert calls_from([("cloud.usecases.close_socket", "forget_connection")]) == {"dynamodb:DeleteItem"}
    assert calls_from([("cloud.usecases.authorise_agent", "authorise_agent")]) == {"dynamodb:BatchGetItem"}
    assert "dynamodb:Query" in calls_from([("cloud.usecases.publish_live", "publish_live")])
    assert calls_from([("cloud.usecases.sign_out", "there_is_no_such_function")]) == set()
