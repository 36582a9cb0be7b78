"""Counts what goes out to AWS through botocore clients, and what AWS would bill for it."""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.benchmarks.prices import Bill, chunks, item_size, read_units, write_units

_REQUEST = "benchmark_request"
_SQS_CHUNK_KB = 64

Found = Mapping[str, Any]


class Taken(NamedTuple):
    """Calls by "service.Operation", and billed units."""

    calls: Counter[str]
    bill: Bill


class CallCounter:
    """Hook it to clients; `take` gives what was counted since the last `take`.

    A write is billed by the larger of the item that was there and the new one, so sizes are kept.
    """

    def __init__(self) -> None:
        self._calls: Counter[str] = Counter()
        self._bill: Bill = defaultdict(float)
        self.sizes: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()

    def hook(self, client: Any) -> None:
        """Counts every call of this client from now on."""
        client.meta.events.register("before-call", self._before)
        client.meta.events.register("after-call", self._after)

    def take(self) -> Taken:
        taken = Taken(self._calls, self._bill)
        self._calls, self._bill = Counter(), defaultdict(float)
        return taken

    def _before(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[_REQUEST] = params["body"]

    def _after(self, http_response: Any, parsed: Found, model: Any, context: Found, **_: Any) -> None:
        with self._lock:
            self._count(http_response, parsed, model, context)

    def _count(self, http_response: Any, parsed: Found, model: Any, context: Found) -> None:
        service = model.service_model.service_name
        self._calls[f"{service}.{model.name}"] += 1
        body = context[_REQUEST]
        if service == "sqs":
            size = max(len(body), len(http_response.content))
            self._bill["sqs_requests"] += chunks(size, _SQS_CHUNK_KB)
        else:
            self._count_dynamo(model.name, json.loads(body), parsed, http_response.status_code == 200)

    def _count_dynamo(self, operation: str, request: Any, parsed: Found, done: bool) -> None:
        match operation:
            case "GetItem":
                self._read(item_size(parsed.get("Item", {})), request)
            case "Query":
                self._read(sum(item_size(item) for item in parsed["Items"]), request)
            case "BatchGetItem":
                self._batch_read(request, parsed)
            case _:
                for factor, write in _writes(operation, request):
                    self._write(write, factor, done)

    def _write(self, request: Found, factor: int, done: bool) -> None:
        """A put carries the item, a delete its key; a refused condition is billed like a write."""
        item = request.get("Item") or request["Key"]
        key = (item["pk"]["S"], item["sk"]["S"])
        new = item_size(request["Item"]) if "Item" in request else 0
        self._bill["write_units"] += factor * write_units(max(new, self.sizes.get(key, 0)))
        if done:
            self.sizes[key] = new

    def _read(self, size: int, request: Found) -> None:
        self._bill["read_units"] += read_units(size, consistent=request.get("ConsistentRead", False))

    def _batch_read(self, request: Found, parsed: Found) -> None:
        """Each item is rounded up by itself; one that is not there costs as the smallest."""
        for name, asked in request["RequestItems"].items():
            found = parsed["Responses"].get(name, [])
            for item in found:
                self._read(item_size(item), asked)
            for _ in range(len(asked["Keys"]) - len(found)):
                self._read(0, asked)


def _writes(operation: str, request: Any) -> Iterator[tuple[int, Found]]:
    """Each single write of a request, and how many times it is billed."""
    match operation:
        case "PutItem" | "DeleteItem":
            yield 1, request
        case "TransactWriteItems":
            yield from ((2, next(iter(each.values()))) for each in request["TransactItems"])
        case "BatchWriteItem":
            tables = request["RequestItems"].values()
            yield from ((1, next(iter(each.values()))) for writes in tables for each in writes)
        case _:
            raise ValueError(f"no rule for {operation}")
