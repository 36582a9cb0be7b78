"""The list of 10,000 machines through the real gateway: the first page, and all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import closing

import httpx

from cloud.adapters.local.sqlite_store import SqliteStore
from cloud.adapters.system import SystemClock
from cloud.ports import MAX_COMMIT_WRITES, Put
from tests.benchmarks.gateway import Gateway, running_gateway
from tests.benchmarks.rows import Row, at_most
from tests.benchmarks.stored import machine_items

COUNT, PAGE = 10_000, 500
FIRST_GOAL_MS, ALL_GOAL_MS = 200, 2000
ROUNDS = 5


def rows() -> Iterator[Row]:
    """Medians; requests go one after another over one connection, answers are gunzipped and decoded."""
    with running_gateway() as gateway:
        _fill(gateway)
        first, whole, sent = [], [], 0
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            answer = _page(gateway.client, None)
            first.append(time.perf_counter() - begun)
            sent, machines = answer.num_bytes_downloaded, len(answer.json()["name"])
            while after := answer.json()["next"]:
                answer = _page(gateway.client, after)
                sent += answer.num_bytes_downloaded
                machines += len(answer.json()["name"])
            whole.append(time.perf_counter() - begun)
            if machines != COUNT:
                raise RuntimeError(f"{machines} machines came")
    yield at_most("machines.10000.first_page", statistics.median(first) * 1000, "ms", FIRST_GOAL_MS)
    yield at_most("machines.10000.all", statistics.median(whole) * 1000, "ms", ALL_GOAL_MS)
    yield Row("machines.10000.sent", sent / 1000, "kB")


def _fill(gateway: Gateway) -> None:
    """Beside the running gateway, in the same file: SQLite lets one write at a time."""
    clock = SystemClock()
    with closing(SqliteStore(gateway.store_file, clock)) as store:
        writes = [Put(item) for item in machine_items(gateway.farm, COUNT, clock())]
        for start in range(0, len(writes), MAX_COMMIT_WRITES):
            store.commit(writes[start : start + MAX_COMMIT_WRITES])


def _page(client: httpx.Client, after: str | None) -> httpx.Response:
    query = {"limit": str(PAGE), **({"after": after} if after else {})}
    return client.get("/v1/machines", params=query).raise_for_status()
