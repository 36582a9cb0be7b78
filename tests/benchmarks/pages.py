"""What a page and each chart read, with 1,000 machines and 30 days stored: units on moto, time on SQLite."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from cloud.adapters.local.sqlite_store import SqliteStore
from cloud.app import create_app
from cloud.ports import Item, Ports, Put, Store
from cloud.usecases.create_owner import create_owner
from cloud.usecases.show_history import SPANS
from tests.benchmarks.aws import Edition, emulated, fill
from tests.benchmarks.fleet import FARM_NAME, MIDNIGHT, OWNER, PASSWORD
from tests.benchmarks.rows import Row
from tests.benchmarks.stored import history_items, machine_items
from tests.fakes.caller import Caller
from tests.fakes.ports import fake_ports
from tests.fakes.time_and_chance import FakeClock

MACHINES, DAYS, ROUNDS = 1_000, 30, 7
NOW = MIDNIGHT + 12 * 3600 + 1234
MACHINE = "machine_00000000"
"""The only one whose history is stored: keys begin with the machine, so others would not slow it."""
PATHS = {
    "first_page": ("/v1/machines", ""),
    "machine": (f"/v1/machines/{MACHINE}", ""),
    **{f"chart.{span}": (f"/v1/machines/{MACHINE}/history", f"span={span}") for span in SPANS},
}


def rows() -> Iterator[Row]:
    """Reading the session is part of each."""
    units, items = _units()
    for name, spent_ms in _milliseconds():
        yield Row(f"pages.{name}.time", spent_ms, "ms on SQLite")
        yield Row(f"pages.{name}.read_units", units[name], "units")
        yield Row(f"pages.{name}.aws_calls", items[name], "calls")


def _units() -> tuple[dict[str, float], dict[str, int]]:
    units, calls = {}, {}
    with emulated():
        edition = Edition("pages", FakeClock(NOW))
        farm = create_owner(edition.ports, OWNER, PASSWORD, FARM_NAME)
        fill(edition.model, _items(farm))
        cookie = _cookie(edition.caller)
        for name, (path, query) in PATHS.items():
            edition.counter.take()
            _get(edition.caller, cookie, path, query)
            taken = edition.counter.take()
            units[name], calls[name] = taken.bill["read_units"], sum(taken.calls.values())
    return units, calls


def _milliseconds() -> Iterator[tuple[str, float]]:
    clock = FakeClock(NOW)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        with closing(SqliteStore(path, clock)) as store:
            caller, cookie = _filled(fake_ports(store=store, clock=clock), store)
            for name, (url, query) in PATHS.items():
                yield (
                    name,
                    statistics.median(_spent(caller, cookie, url, query) for _ in range(ROUNDS)) * 1000,
                )


def _filled(ports: Ports, store: Store) -> tuple[Caller, str]:
    farm = create_owner(ports, OWNER, PASSWORD, FARM_NAME)
    writes = [Put(item) for item in _items(farm)]
    for start in range(0, len(writes), 100):
        store.commit(writes[start : start + 100])
    caller = Caller(create_app(ports))
    return caller, _cookie(caller)


def _items(farm: str) -> Iterator[Item]:
    yield from machine_items(farm, MACHINES, NOW)
    yield from history_items(farm, MACHINE, NOW, DAYS)


def _spent(caller: Caller, cookie: str, path: str, query: str) -> float:
    begun = time.perf_counter()
    _get(caller, cookie, path, query)
    return time.perf_counter() - begun


def _get(caller: Caller, cookie: str, path: str, query: str) -> None:
    answer = caller.call("GET", path, query=query, headers={"cookie": cookie, "accept-encoding": "gzip"})
    if answer.status != 200:
        raise RuntimeError(f"{path} was refused: {answer.status}")


def _cookie(caller: Caller) -> str:
    answer = caller.call("POST", "/v1/session", body={"email": OWNER, "password": PASSWORD})
    header = answer.headers["Set-Cookie"]
    return (header if isinstance(header, str) else header[0]).partition(";")[0]
