"""One origin, with the same headers as the gateway of one machine."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from cloud.entrypoints.http.mount import ORIGIN_PROOF_HEADER, VIEWER_ADDRESS_HEADER
from cloud.gateway.server import SECURITY_HEADERS
from infra.cdk.headers import DEFAULT_CACHE_CONTROL, HSTS_S
from tests.infra.synthesis import CERTIFICATE, DOMAIN, Deployment

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def _distribution(deployment: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = deployment.the("AWS::CloudFront::Distribution").properties["DistributionConfig"]
    return found


def _origins(deployment: Deployment) -> dict[str, dict[str, Any]]:
    return {origin["Id"]: origin for origin in _distribution(deployment)["Origins"]}


def _sent_headers(deployment: Deployment) -> dict[str, tuple[str, bool]]:
    """What CloudFront sends: value, and whether it takes the place of the origin's."""
    config = deployment.the("AWS::CloudFront::ResponseHeadersPolicy").properties[
        "ResponseHeadersPolicyConfig"
    ]
    own = config["SecurityHeadersConfig"]
    sent = {
        "Content-Security-Policy": own["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "X-Content-Type-Options": "nosniff" if own["ContentTypeOptions"] else "",
        "X-Frame-Options": own["FrameOptions"]["FrameOption"],
        "Referrer-Policy": own["ReferrerPolicy"]["ReferrerPolicy"],
        "Strict-Transport-Security": f"max-age={own['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
    }
    assert {part["Override"] for part in own.values()} == {True}
    others = {
        item["Header"]: (item["Value"], item["Override"]) for item in config["CustomHeadersConfig"]["Items"]
    }
    return {name: (value, True) for name, value in sent.items()} | others


def test_headers_are_those_of_one_machine_and_hsts(deployment: Deployment) -> None:
    expected = {name: (value, True) for name, value in SECURITY_HEADERS.items()}
    expected["Strict-Transport-Security"] = (f"max-age={HSTS_S}", True)
    expected["Cache-Control"] = (DEFAULT_CACHE_CONTROL, False)
    assert _sent_headers(deployment) == expected


def test_every_answer_has_the_headers(deployment: Deployment) -> None:
    config = _distribution(deployment)
    policy = deployment.the("AWS::CloudFront::ResponseHeadersPolicy").name
    behaviours = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    assert [found["ResponseHeadersPolicyId"] for found in behaviours] == [{"Ref": policy}] * 3


def test_page_apis_and_socket_share_the_origin(deployment: Deployment) -> None:
    """The socket's path is its stage's name, so no path is rewritten."""
    config, origins = _distribution(deployment), _origins(deployment)
    behaviours = {found["PathPattern"]: found for found in config["CacheBehaviors"]}
    (stage,) = (
        stage.properties["StageName"]
        for stage in deployment.resources("AWS::ApiGatewayV2::Stage")
        if stage.properties["StageName"] != "$default"
    )
    assert set(behaviours) == {"/v1/*", f"/{stage}"} == {"/v1/*", "/socket"}
    assert all("OriginPath" not in origin for origin in origins.values())
    for path, api in (("/v1/*", "HttpApi"), ("/socket", "SocketApi")):
        origin = origins[behaviours[path]["TargetOriginId"]]
        assert api in str(origin["DomainName"])
        assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_answers_of_the_apis_are_never_cached(deployment: Deployment) -> None:
    for behaviour in _distribution(deployment)["CacheBehaviors"]:
        assert behaviour["CachePolicyId"] == CACHING_DISABLED
        assert behaviour["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST_HEADER
        assert behaviour["ViewerProtocolPolicy"] == "https-only"


def test_methods_of_the_routes_pass(deployment: Deployment) -> None:
    allowed = {
        found["PathPattern"]: set(found["AllowedMethods"])
        for found in _distribution(deployment)["CacheBehaviors"]
    }
    assert allowed["/v1/*"] >= {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert allowed["/socket"] == {"GET", "HEAD"}


def test_errors_of_the_apis_are_not_replaced(deployment: Deployment) -> None:
    assert "CustomErrorResponses" not in _distribution(deployment)


def test_apis_learn_the_name_that_the_viewer_used(deployment: Deployment) -> None:
    function = deployment.the("AWS::CloudFront::Function")
    code = function.properties["FunctionCode"]
    assert "request.headers['x-forwarded-host'] = { value: request.headers.host.value };" in code
    assert f"request.headers['{VIEWER_ADDRESS_HEADER}'] = {{ value: event.viewer.ip }};" in code
    for behaviour in _distribution(deployment)["CacheBehaviors"]:
        (association,) = behaviour["FunctionAssociations"]
        assert association["EventType"] == "viewer-request"
        assert association["FunctionARN"] == {"Fn::GetAtt": [function.name, "FunctionARN"]}


def test_name_and_address_of_the_viewer_cannot_be_made_up(deployment: Deployment) -> None:
    """The function itself, run by Node: headers that the viewer sent are overwritten."""
    code = deployment.the("AWS::CloudFront::Function").properties["FunctionCode"]
    forged = {"x-forwarded-host": {"value": "evil.example"}, VIEWER_ADDRESS_HEADER: {"value": "192.0.2.1"}}
    request = {"method": "GET", "headers": {"host": {"value": "rigs.example.org"}, **forged}}
    event = json.dumps({"request": request, "viewer": {"ip": "2001:db8::7"}})
    script = f"{code}\nprocess.stdout.write(JSON.stringify(handler({event})))"
    answer = subprocess.run(["node", "-e", script], capture_output=True, check=True, text=True, timeout=30)
    request = json.loads(answer.stdout)
    assert request["headers"]["x-forwarded-host"] == {"value": "rigs.example.org"}
    assert request["headers"][VIEWER_ADDRESS_HEADER] == {"value": "2001:db8::7"}
    assert request["method"] == "GET"


def test_cloudfront_alone_can_prove_that_a_request_came_through_it(deployment: Deployment) -> None:
    """The header's value and the function's are the same secret, which no template holds."""
    paths = {
        found["PathPattern"]: found["TargetOriginId"] for found in _distribution(deployment)["CacheBehaviors"]
    }
    sent = {
        origin: {
            header["HeaderName"]: header["HeaderValue"] for header in found.get("OriginCustomHeaders", [])
        }
        for origin, found in _origins(deployment).items()
        if "OriginCustomHeaders" in found
    }
    assert list(sent) == [paths["/v1/*"]]
    (name,) = sent[paths["/v1/*"]]
    assert name == ORIGIN_PROOF_HEADER
    secret = deployment.the("AWS::SecretsManager::Secret")
    assert secret.properties["GenerateSecretString"]["PasswordLength"] >= 43
    assert "SecretString" not in secret.properties
    start, arn, end = sent[paths["/v1/*"]][name]["Fn::Join"][1]
    assert (start, end) == ("{{resolve:secretsmanager:", ":SecretString:::}}")
    assert f"ExportsOutputRef{secret.name}" in arn["Fn::ImportValue"]
    own = deployment.function("api").properties["Environment"]["Variables"]["RIG_ORIGIN_SECRET"]
    assert own == {"Fn::Join": ["", [start, {"Ref": secret.name}, end]]}
    knowing = [
        function.name
        for function in deployment.resources("AWS::Lambda::Function")
        if "RIG_ORIGIN_SECRET" in function.properties["Environment"]["Variables"]
    ]
    assert knowing == [deployment.function("api").name]


def test_bucket_is_read_by_this_distribution_alone(deployment: Deployment) -> None:
    bucket = deployment.the("AWS::S3::Bucket", "Site")
    assert set(bucket.properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert "WebsiteConfiguration" not in bucket.properties
    config = _distribution(deployment)
    origin = _origins(deployment)[config["DefaultCacheBehavior"]["TargetOriginId"]]
    access = deployment.the("AWS::CloudFront::OriginAccessControl")
    assert origin["OriginAccessControlId"] == {"Fn::GetAtt": [access.name, "Id"]}
    signing = access.properties["OriginAccessControlConfig"]
    assert (signing["SigningBehavior"], signing["SigningProtocol"]) == ("always", "sigv4")
    policy = deployment.the("AWS::S3::BucketPolicy", "Site").properties["PolicyDocument"]
    (allowed,) = (found for found in policy["Statement"] if found["Effect"] == "Allow")
    assert allowed["Action"] == "s3:GetObject"
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    distribution = deployment.the("AWS::CloudFront::Distribution").name
    assert {"Ref": distribution} in allowed["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Join"][1]


def test_domain_comes_with_its_certificate(selfhost: Deployment, own_domain: Deployment) -> None:
    assert "Aliases" not in _distribution(selfhost)
    config = _distribution(own_domain)
    assert config["Aliases"] == [DOMAIN]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }
    assert own_domain.templates["Site"]["Outputs"]["SiteUrl"]["Value"] == f"https://{DOMAIN}"
