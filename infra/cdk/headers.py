"""The headers that protect the page, as CloudFront sends them: the local gateway's, and HSTS."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudfront as cloudfront

from cloud.gateway.server import SECURITY_HEADERS

HSTS_S = 31_536_000
DEFAULT_CACHE_CONTROL = "no-cache"
"""Where nothing else is said: pages are checked anew, so an update shows at once."""

_OF_CLOUDFRONT = {
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
}
"""CloudFront refuses these as ordinary headers; it has a setting for each."""


def response_headers(scope: Stack) -> cloudfront.ResponseHeadersPolicy:
    """For every answer, of the page and of the APIs. Its name must be the account's only one."""
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "Headers",
        response_headers_policy_name=f"{scope.stack_name}-{scope.region}",
        security_headers_behavior=_security(),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(custom_headers=_others()),
    )


def _security() -> cloudfront.ResponseSecurityHeadersBehavior:
    if SECURITY_HEADERS["X-Content-Type-Options"] != "nosniff":
        raise ValueError("CloudFront can only send X-Content-Type-Options: nosniff")
    return cloudfront.ResponseSecurityHeadersBehavior(
        content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
            content_security_policy=SECURITY_HEADERS["Content-Security-Policy"], override=True
        ),
        content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
        frame_options=cloudfront.ResponseHeadersFrameOptions(
            frame_option=cloudfront.HeadersFrameOption[SECURITY_HEADERS["X-Frame-Options"]], override=True
        ),
        referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
            referrer_policy=_referrer(SECURITY_HEADERS["Referrer-Policy"]), override=True
        ),
        strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
            access_control_max_age=Duration.seconds(HSTS_S), override=True
        ),
    )


def _referrer(value: str) -> cloudfront.HeadersReferrerPolicy:
    return cloudfront.HeadersReferrerPolicy[value.upper().replace("-", "_")]


def _others() -> list[cloudfront.ResponseCustomHeader]:
    ours = [
        cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
        for name, value in SECURITY_HEADERS.items()
        if name not in _OF_CLOUDFRONT
    ]
    cache = cloudfront.ResponseCustomHeader(
        header="Cache-Control", value=DEFAULT_CACHE_CONTROL, override=False
    )
    return [*ours, cache]
