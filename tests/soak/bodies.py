"""Random and mutated bodies against ingest: no 5xx, nothing stored of a refused one, no growth of memory."""

from __future__ import annotations

import gzip
import json
import logging
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import psutil
from starlette.datastructures import Headers, QueryParams

from cloud.app import create_app
from cloud.domain.keys import Key
from cloud.gateway.events import Arrived, Match, http_event
from cloud.ports import Clock, Item, Write
from cloud.usecases.create_agent import create_agent
from tests.fakes.ports import fake_ports
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock
from wire.messages import REPORT_CONTENT_TYPE, REPORT_PATH, AgentKind

BODIES = 100_000
GROWTH_MAX_BYTES = 32 * 1024 * 1024
_WARM_UP = 5_000
_ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**70,
    1e308,
    "",
    "x" * 300,
    [],
    {},
    "\ud800",
    [[[]]],
    0.1,
    "machine_x",
    float("nan"),
)

Json = dict[str, Any]


class _Counting(MemoryStore):
    """Counts writes and keeps none of the content, so that only our own memory could grow."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.writes = 0
        self.keeping = True

    def write(self, write: Write) -> bool:
        self.writes += 1
        return super().write(write) if self.keeping else True

    def get(self, key: Key) -> Item | None:
        found = super().get(key)
        self.calls.clear()
        return found


def run(say: Callable[[str], None], count: int = BODIES, seed: int = 7) -> bool:
    """Whether all went well; the seed makes a failure repeatable."""
    chance = random.Random(seed)
    logging.disable(logging.CRITICAL)
    clock = FakeClock()
    store = _Counting(clock)
    ports = fake_ports(store=store, clock=clock)
    made = create_agent(ports, "farm_1", "rig", AgentKind.CPU_GPU)
    store.keeping = False
    app, good = create_app(ports), _good(str(made.agent.machine), clock.now)
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    size_bytes = 0
    for number in range(count):
        if number == _WARM_UP:
            size_bytes = psutil.Process().memory_info().rss
        store.calls.clear()
        before = store.writes
        kind, body = _body(chance, good)
        status = _send(app, made.token, kind, body)
        statuses[status] += 1
        if status >= 500 or (status != 200 and store.writes != before):
            faults.append(f"{status} for {kind} {body[:200]!r}")
    grown = psutil.Process().memory_info().rss - size_bytes
    logging.disable(logging.NOTSET)
    say(f"{count:,} bodies: {dict(sorted(statuses.items()))}, memory grew by {grown / 1e6:.1f} MB")
    for fault in faults[:10]:
        say(fault)
    return not faults and grown <= GROWTH_MAX_BYTES and statuses[200] > 0


def _send(app: Any, token: str, kind: str, body: bytes) -> int:
    headers = Headers({"content-type": kind, "authorization": f"Bearer {token}"})
    arrived = Arrived("POST", REPORT_PATH, headers, QueryParams(), body, "127.0.0.1")
    return int(app(http_event(arrived, Match(REPORT_PATH, {})), None)["statusCode"])


def _good(machine: str, now: float) -> Json:
    series = [
        {"metric": "cpu_load_pct", "values": [1.5, None, 99.9]},
        {"metric": "uptime_s", "values": [1, 2, 3]},
    ]
    block = {"at": [now - 30, now - 20, now - 10], "series": series}
    closed = {"at": [now - 330, now - 320], "series": [{"metric": "uptime_s", "values": [1, 2]}]}
    part = {
        "machine": machine,
        "blocks": [closed],
        "open": block,
        "after": now - 400,
        "unread": [{"part": "cpu_temperature_c", "reason": "no sensor"}],
        "specs": {"hostname": "rig", "cpu_cores": 8, "addresses": ["192.0.2.1"]},
    }
    return {"epoch": 1, "sequence": 1, "sent_at": now, "interval_s": 60, "machines": [part]}


def _body(chance: random.Random, good: Json) -> tuple[str, bytes]:
    way = chance.choice((_random_bytes, _flipped, _cut, _changed, _changed, _changed))
    plain = way(chance, good)
    if chance.random() < 0.5:
        return "application/json", plain
    packed = gzip.compress(plain, 1) if chance.random() < 0.9 else plain
    return REPORT_CONTENT_TYPE, _maybe_harmed(chance, packed)


def _maybe_harmed(chance: random.Random, body: bytes) -> bytes:
    if chance.random() < 0.8 or not body:
        return body
    place = chance.randrange(len(body))
    return body[:place] + bytes([chance.randrange(256)]) + body[place + 1 :]


def _random_bytes(chance: random.Random, _: Json) -> bytes:
    return chance.randbytes(chance.randrange(200))


def _flipped(chance: random.Random, good: Json) -> bytes:
    body = bytearray(json.dumps(good).encode())
    for _ in range(chance.randint(1, 8)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def _cut(chance: random.Random, good: Json) -> bytes:
    body = json.dumps(good).encode()
    return body[: chance.randrange(len(body))]


def _changed(chance: random.Random, good: Json) -> bytes:
    """Valid JSON in which some values are odd, missing, doubled or of another type."""
    changed = json.loads(json.dumps(good))
    for _ in range(chance.randint(0, 3)):
        _change_one(chance, changed)
    return json.dumps(changed).encode("utf-8", "surrogatepass")


def _change_one(chance: random.Random, node: Any) -> None:
    while True:
        places = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not places:
            return
        place = chance.choice(places)
        below = node[place]
        if isinstance(below, dict | list) and chance.random() < 0.8:
            node = below
            continue
        if chance.random() < 0.2:
            del node[place]
        else:
            node[place] = chance.choice(_ODD)
        return
