"""Reports from the queue into the store, each on its own: one that fails is tried again alone."""

from __future__ import annotations

import logging
from typing import Any

from cloud.domain.records import decode_arrival
from cloud.ports import Ports, StoreUnavailable
from cloud.usecases.store_report import store_report

_log = logging.getLogger(__name__)
Answer = dict[str, list[dict[str, str]]]


def consume(ports: Ports, event: dict[str, Any]) -> Answer:
    """One SQS event; the answer names the records to try again (ReportBatchItemFailures).

    A record that can never be stored fails each time, and so ends in the dead-letter queue.
    """
    failed = [record["messageId"] for record in event["Records"] if not _store(ports, record)]
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}


def _store(ports: Ports, record: dict[str, Any]) -> bool:
    try:
        store_report(ports, decode_arrival(record["body"]))
    except (ValueError, StoreUnavailable):
        # The log names the message, never its content.
        _log.exception("message %s was not stored", record["messageId"])
        return False
    return True
