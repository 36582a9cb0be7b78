"""Records of the table's stream (NEW_AND_OLD_IMAGES) as changes, to the pages that look."""

from __future__ import annotations

import base64
import logging
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from cloud.domain.keys import Key
from cloud.ports import Change, Item, Ports
from cloud.usecases.publish_live import publish_live

_log = logging.getLogger(__name__)
Image = dict[str, dict[str, Any]]
_UNREADABLE = (msgspec.MsgspecError, zlib.error, LookupError, TypeError, ValueError)


def publish(ports: Ports, event: dict[str, Any]) -> None:
    """One event of the stream; raises StoreUnavailable, as another try may help there.

    A record that cannot be read never can be, and would hold up its shard: it is logged and passed over.
    """
    changes = [change for record in event["Records"] if (change := _change(record)) is not None]
    if changes:
        _publish(ports, changes)


def _publish(ports: Ports, changes: Sequence[Change]) -> None:
    try:
        publish_live(ports, changes)
    except _UNREADABLE:
        if len(changes) == 1:
            _log.exception("a change of %s was not published", changes[0].item.key)
            return
        # Halves, so that a batch of n with one bad item takes about log n tries; what went out
        # already may go out again, which changes nothing on a page.
        half = len(changes) // 2
        _publish(ports, changes[:half])
        _publish(ports, changes[half:])


def _change(record: dict[str, Any]) -> Change | None:
    """None for what nobody watches and for what cannot be read."""
    try:
        removed = record["eventName"] == "REMOVE"
        image = record["dynamodb"]["OldImage" if removed else "NewImage"]
        return Change(_item(image), removed) if image["watched"]["BOOL"] else None
    except _UNREADABLE:
        _log.exception("a record of the stream could not be read: %s", record["dynamodb"]["Keys"])
        return None


def _item(image: Image) -> Item:
    """An item of its image: numbers come as text, bytes as base64."""
    expiry = image.get("expires_at", {}).get("N")
    return Item(
        Key(image["pk"]["S"], image["sk"]["S"]),
        image["kind"]["S"],
        base64.b64decode(image["body"]["B"], validate=True),
        int(image["revision"]["N"]),
        None if expiry is None else int(expiry),
        watched=True,
    )
