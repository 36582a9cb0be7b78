"""The page's address: CloudFront before the page's bucket and both APIs, so that all share one origin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.cdk.application import ApplicationStack
from infra.cdk.findings import Finding, accept
from infra.cdk.headers import response_headers
from infra.cdk.parameters import Parameters

ORIGIN_PROOF_HEADER = "x-origin-proof"
_KEEP_HOST = Path(__file__).with_name("keep_host.js")
_ACCEPTED = (
    Finding("AwsSolutions-CFR1", "Rigs and their owners are anywhere in the world."),
    Finding(
        "AwsSolutions-CFR2",
        "A firewall costs more a month than the commander of a small farm. Stages and agents have limits; "
        "an operator who needs one adds it to the distribution.",
    ),
    Finding(
        "AwsSolutions-CFR3",
        "A line for each report would cost more than keeping it, and hold the addresses of people's homes.",
    ),
)
_NO_DOMAIN = Finding(
    "AwsSolutions-CFR4", "CloudFront's own certificate fixes the oldest TLS; with a domain it is 1.2."
)
_NO_BUCKET_LOG = Finding("AwsSolutions-S1", "It holds only the page, which everybody may read.")


class WebsiteStack(Stack):
    """One address for page, `/v1` and socket. The page's files are sent after the deployment."""

    def __init__(
        self, scope: Construct, name: str, parameters: Parameters, application: ApplicationStack
    ) -> None:
        super().__init__(scope, name, analytics_reporting=False)
        bucket = _bucket(self)
        self._headers = response_headers(self)
        distribution = self._distribution(parameters, application, bucket)
        CfnOutput(self, "SiteBucket", value=bucket.bucket_name)
        CfnOutput(self, "SiteUrl", value=f"https://{parameters.domain or distribution.domain_name}")
        CfnOutput(self, "DistributionDomain", value=distribution.domain_name)

    def _distribution(
        self, parameters: Parameters, application: ApplicationStack, bucket: s3.Bucket
    ) -> cloudfront.Distribution:
        """Without error pages: they would take the place of the API's own answers too."""
        arn = parameters.certificate_arn
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            default_behavior=self._page(bucket),
            additional_behaviors=self._apis(application),
            default_root_object="index.html",
            domain_names=[parameters.domain] if parameters.domain else None,
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", arn) if arn else None,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if arn else None,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        )
        accept(distribution, *_ACCEPTED, *([] if arn else [_NO_DOMAIN]))
        return distribution

    def _page(self, bucket: s3.Bucket) -> cloudfront.BehaviorOptions:
        """Files say `no-cache`: CloudFront keeps them for a second, compresses them, and asks again."""
        access = cloudfront.S3OriginAccessControl(
            self, "Access", origin_access_control_name=f"{self.stack_name}-{self.region}"
        )
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(bucket, origin_access_control=access),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers,
        )

    def _apis(self, application: ApplicationStack) -> dict[str, cloudfront.BehaviorOptions]:
        keep_host = cloudfront.Function(
            self,
            "KeepHost",
            code=cloudfront.FunctionCode.from_file(file_path=str(_KEEP_HOST)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        every, read = cloudfront.AllowedMethods.ALLOW_ALL, cloudfront.AllowedMethods.ALLOW_GET_HEAD
        proof = {ORIGIN_PROOF_HEADER: application.origin_proof}
        return {
            "/v1/*": self._api(self._origin(application.http_api.api_id, proof), every, keep_host),
            f"/{application.socket.stage.stage_name}": self._api(
                self._origin(application.socket.api.api_id, {}), read, keep_host
            ),
        }

    def _origin(self, api: str, headers: Mapping[str, str]) -> origins.HttpOrigin:
        """`headers` take the place of what a viewer sends under their names."""
        host = f"{api}.execute-api.{self.region}.{self.url_suffix}"
        https = cloudfront.OriginProtocolPolicy.HTTPS_ONLY
        return origins.HttpOrigin(host, protocol_policy=https, custom_headers={**headers} or None)

    def _api(
        self,
        origin: origins.HttpOrigin,
        methods: cloudfront.AllowedMethods,
        keep_host: cloudfront.Function,
    ) -> cloudfront.BehaviorOptions:
        """Nothing is cached, and everything of the request passes but the host, which names the API."""
        return cloudfront.BehaviorOptions(
            origin=origin,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=methods,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers,
            function_associations=[
                cloudfront.FunctionAssociation(
                    function=keep_host, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
                )
            ],
        )


def _bucket(scope: Construct) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        "Page",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        removal_policy=RemovalPolicy.DESTROY,
    )
    accept(bucket, _NO_BUCKET_LOG)
    return bucket
