"""Documents in a bucket: what is asked of S3, word for word."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import get_session
from botocore.stub import Stubber

from cloud.adapters.aws.cloudfront_urls import CloudFrontUrls
from cloud.adapters.aws.s3_documents import S3Documents
from cloud.ports import StoreUnavailable
from tests.fakes.time_and_chance import FakeClock
from tests.unit.cloud.adapters.aws.test_cloudfront_urls import SITE, pem

KEY = "documents/farm_1/machine_1"


@pytest.fixture
def client() -> Any:
    return get_session().create_client(
        "s3", region_name="eu-central-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


@pytest.fixture
def documents(client: Any) -> S3Documents:
    return S3Documents(client, "bucket", CloudFrontUrls(SITE, "K1", pem, FakeClock()))


def test_a_document_is_placed_and_removed(client: Any, documents: S3Documents) -> None:
    place = {"Bucket": "bucket", "Key": KEY}
    about = {"Body": b"{}", "ContentType": "application/json", "CacheControl": "private, no-cache"}
    with Stubber(client) as stubber:
        stubber.add_response("put_object", {}, {**place, **about})
        stubber.add_response("delete_object", {}, place)
        documents.place("farm_1", "machine_1", b"{}")
        documents.remove("farm_1", "machine_1")
        stubber.assert_no_pending_responses()


def test_its_address_is_of_the_site(documents: S3Documents) -> None:
    assert documents.address("farm_1", "machine_1").url.startswith(f"{SITE}/{KEY}?Expires=")


def test_an_outage_is_told(client: Any, documents: S3Documents) -> None:
    with Stubber(client) as stubber:
        stubber.add_client_error("put_object", "SlowDown")
        with pytest.raises(StoreUnavailable, match="SlowDown"):
            documents.place("farm_1", "machine_1", b"{}")
