"""The port `Documents` with an S3 bucket behind CloudFront."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from cloud.adapters.aws.cloudfront_urls import CloudFrontUrls
from cloud.domain.signing import SignedAddress
from cloud.ports import StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3Documents:
    """One object for each rig, `documents/FARM/MACHINE`, at the same path of the site."""

    def __init__(self, client: S3Client, bucket: str, urls: CloudFrontUrls) -> None:
        self._client, self._bucket, self._urls = client, bucket, urls

    def place(self, farm: str, machine: str, body: bytes) -> None:
        with _unavailable():
            self._client.put_object(
                Bucket=self._bucket,
                Key=_key(farm, machine),
                Body=body,
                ContentType="application/json",
                # CloudFront asks the bucket each time, by the ETag.
                CacheControl="private, no-cache",
            )

    def remove(self, farm: str, machine: str) -> None:
        with _unavailable():
            self._client.delete_object(Bucket=self._bucket, Key=_key(farm, machine))

    def address(self, farm: str, machine: str) -> SignedAddress:
        return self._urls.address(f"/{_key(farm, machine)}")


def _key(farm: str, machine: str) -> str:
    return f"documents/{farm}/{machine}"


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailable(f"the documents' bucket cannot be used: {error}") from error
