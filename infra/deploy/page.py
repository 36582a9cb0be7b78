"""The page's files in their bucket: sent so that no visitor ever gets half of an update, and removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from infra.deploy.choices import DeployError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

TYPES = {
    "": "text/plain; charset=utf-8",  # licences of libraries
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What browsers are told that a file is; another kind of file is not sent without a row here."""

CACHE_CONTROL = "no-cache"
"""Browsers and CloudFront ask each time whether a file changed, so an update needs no invalidation."""

_SOURCES_OF_TYPES = (".d.ts", ".test.js")
_AT_ONCE = 1000


def page_files(folder: Path) -> dict[str, Path]:
    """By their name in the bucket; raises DeployError where the page was not completed."""
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(_SOURCES_OF_TYPES)
    }
    if "index.html" not in found or not any(name.startswith("vendor/") for name in found):
        raise DeployError(
            f"{folder} lacks the page or its libraries. Run `make deploy`, which puts them there."
        )
    unknown = sorted({path.suffix for path in found.values()} - TYPES.keys())
    if unknown:
        raise DeployError(f"The page has files of an unknown kind: {', '.join(unknown)}")
    return found


def send_page(client: S3Client, bucket: str, folder: Path) -> int:
    """Sends every file, the page itself last, then removes what is no part of it now; how many were sent."""
    files = page_files(folder)
    for name in sorted(files, key=lambda name: (name.endswith(".html"), name)):
        client.put_object(
            Bucket=bucket,
            Key=name,
            Body=files[name].read_bytes(),
            ContentType=TYPES[files[name].suffix],
            CacheControl=CACHE_CONTROL,
        )
    _delete(client, bucket, [name for name in _names(client, bucket) if name not in files])
    return len(files)


def empty_page(client: S3Client, bucket: str) -> None:
    """CloudFormation deletes no bucket with something in it."""
    _delete(client, bucket, list(_names(client, bucket)))


def _names(client: S3Client, bucket: str) -> Iterator[str]:
    for part in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (found["Key"] for found in part.get("Contents", []))


def _delete(client: S3Client, bucket: str, names: list[str]) -> None:
    for start in range(0, len(names), _AT_ONCE):
        doomed: list[ObjectIdentifierTypeDef] = [{"Key": name} for name in names[start : start + _AT_ONCE]]
        client.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True})
