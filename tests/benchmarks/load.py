"""A load generator, a process of its own: ready requests over raw keep-alive connections."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.rows import ROOT

Lanes = list[list[bytes]]
"""The requests of each connection, in order."""


class Order(msgspec.Struct):
    """What to send. `per_s` 0: each connection as fast as answers come, else all together at that rate."""

    port: int
    lanes: Lanes
    per_s: float = 0


class Load(msgspec.Struct):
    """What came of it: seconds from the first request to the last answer, and each latency, sorted."""

    elapsed_s: float
    refused: int
    latencies_s: list[float]

    @property
    def per_s(self) -> float:
        return len(self.latencies_s) / self.elapsed_s

    def percentile_ms(self, percent: float) -> float:
        last = len(self.latencies_s) - 1
        return self.latencies_s[round(last * percent / 100)] * 1000


def carry_out(order: Order) -> Load:
    """Runs this module as a process and reads its answer; refused requests are an error."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "order"
        path.write_bytes(msgspec.msgpack.encode(order))
        command = [sys.executable, "-m", "tests.benchmarks.load", str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120)
    load = msgspec.json.decode(done.stdout, type=Load)
    if load.refused:
        raise RuntimeError(f"{load.refused} requests were refused")
    return load


def request(port: int, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """A whole HTTP/1.1 request."""
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _run(order: Order) -> Load:
    connections = [await asyncio.open_connection("127.0.0.1", order.port) for _ in order.lanes]
    begun = time.perf_counter() + 0.1
    schedules = list(_schedules(order, begun))
    lanes = zip(connections, order.lanes, schedules, strict=True)
    await asyncio.sleep(0.1)
    results = await asyncio.gather(*(_lane(*each) for each in lanes))
    ended = time.perf_counter()
    for _, writer in connections:
        writer.close()
    latencies = sorted(latency for result in results for _, latency in result)
    refused = sum(1 for result in results for status, _ in result if status != 200)
    return Load(ended - begun, refused, latencies)


def _schedules(order: Order, begun: float) -> Iterator[Sequence[float]]:
    """When each request is due; latency counts from then, so that a slow answer is not forgiven."""
    count = len(order.lanes)
    for lane, requests in enumerate(order.lanes):
        if order.per_s:
            yield [begun + (number * count + lane) / order.per_s for number in range(len(requests))]
        else:
            yield [0.0] * len(requests)


async def _lane(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], requests: list[bytes], due: Sequence[float]
) -> list[tuple[int, float]]:
    reader, writer = connection
    results = []
    for content, at in zip(requests, due, strict=True):
        now = time.perf_counter()
        if at > now:
            await asyncio.sleep(at - now)
        begun = at or now
        writer.write(content)
        status = await _answer(reader)
        results.append((status, time.perf_counter() - begun))
    return results


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


def main() -> None:
    order = msgspec.msgpack.decode(Path(sys.argv[1]).read_bytes(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_run(order))))


if __name__ == "__main__":
    main()
