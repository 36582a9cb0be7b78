"""Records of a DynamoDB stream as Lambda is given them."""

from __future__ import annotations

import base64
from typing import Any

from cloud.ports import Item

Record = dict[str, Any]


def image(item: Item) -> dict[str, dict[str, Any]]:
    """An item's attributes with their types; numbers are text, bytes are base64."""
    typed: dict[str, dict[str, Any]] = {
        "pk": {"S": item.key.pk},
        "sk": {"S": item.key.sk},
        "kind": {"S": item.kind},
        "body": {"B": base64.b64encode(item.body).decode()},
        "revision": {"N": str(item.revision)},
        "watched": {"BOOL": item.watched},
    }
    if item.expires_at is not None:
        typed["expires_at"] = {"N": str(item.expires_at)}
    return typed


def written(new: Item, old: Item | None = None) -> Record:
    """An INSERT, or with the item before it a MODIFY."""
    images = {"NewImage": image(new), **({"OldImage": image(old)} if old else {})}
    return _record("MODIFY" if old else "INSERT", new, images)


def removed(old: Item) -> Record:
    """A REMOVE."""
    return _record("REMOVE", old, {"OldImage": image(old)})


def _record(name: str, item: Item, images: dict[str, Any]) -> Record:
    typed = image(item)
    return {
        "eventID": "c4ca4238a0b923820dcc509a6f75849b",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1773119783.0,
            "Keys": {"pk": typed["pk"], "sk": typed["sk"]},
            "SequenceNumber": "4421584500000000017450439091",
            "SizeBytes": 412,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **images,
        },
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/rig/stream/2026-03-10",
    }
