"""Nothing has a name of our choice: so two deployments never meet, and anything can be replaced."""

from __future__ import annotations

import json

from tests.infra.synthesis import Deployment

# The property that would name a resource of the kind; None where there is no such thing.
NAMED_BY = {
    "AWS::ApiGatewayV2::Integration": None,
    "AWS::ApiGatewayV2::Route": None,
    "AWS::CloudFront::Distribution": None,
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Key": None,
    "AWS::Lambda::EventInvokeConfig": None,
    "AWS::Lambda::EventSourceMapping": None,
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::Permission": None,
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::S3::BucketPolicy": None,
    "AWS::SQS::Queue": "QueueName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::SQS::QueuePolicy": None,
}
# CloudFormation asks for a name. An API's is a label and a stage's is within its API; the others are the
# account's own, so stack and region are part of them.
LABELLED = {"AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"}
NAMED_BY_PLACE = {
    "AWS::CloudFront::Function": ("Name",),
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig", "Name"),
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig", "Name"),
}


def test_nothing_is_named_by_us(deployment: Deployment) -> None:
    kinds = {resource.kind for resource in deployment.resources()}
    assert kinds <= {*NAMED_BY, *LABELLED, *NAMED_BY_PLACE}
    named = [
        resource.name
        for resource in deployment.resources()
        if NAMED_BY.get(resource.kind) in resource.properties
    ]
    assert named == []


def test_names_that_must_be_are_the_only_ones_of_their_account(
    enterprise: Deployment, own_domain: Deployment
) -> None:
    for kind, path in NAMED_BY_PLACE.items():
        names = []
        for deployment in (enterprise, own_domain):
            name: object = deployment.the(kind).properties
            for key in path:
                assert isinstance(name, dict)
                name = name[key]
            names.append(json.dumps(name))
        assert all("AWS::Region" in name for name in names)
        assert len(set(names)) == 2
