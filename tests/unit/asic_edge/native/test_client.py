"""The reading process dies, hangs, talks nonsense or is not there, and the agent goes on."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from asic_edge.native.client import GRACE_S, NativeReader, own_environment
from asic_edge.native.frames import NO_LIBRARY
from asic_edge.snapshot import Depth, NoAnswer
from tests.fakes.asic_hall import until

T = TypeVar("T")
ADDRESS = "127.250.250.250"
PREFIX = "import os, sys, time; os.read(0, 9999); "


def _with(program: str, use: Callable[[NativeReader], Awaitable[T]]) -> T:
    async def run() -> T:
        reader = NativeReader((sys.executable, "-c", PREFIX + program))
        try:
            return await use(reader)
        finally:
            await reader.close()

    return asyncio.run(run())


async def _two_reads(reader: NativeReader) -> list[object]:
    return list(await asyncio.gather(*(reader.read(ADDRESS, Depth.LIGHT, 20.0) for _ in range(2))))


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("os.abort()", "ended and is started again"),
        ("os.write(1, b'no frame at all')", "ended and is started again"),
        (f"os._exit({NO_LIBRARY})", "pyasic-rs is not installed"),
    ],
)
def test_its_end_answers_everything_that_was_asked(program: str, reason: str) -> None:
    for result in _with(program, _two_reads):
        assert isinstance(result, NoAnswer)
        assert reason in result.reason


def test_after_its_end_it_is_not_started_again_at_once() -> None:
    async def use(reader: NativeReader) -> tuple[object, int]:
        await reader.read(ADDRESS, Depth.LIGHT, 20.0)
        return await reader.read(ADDRESS, Depth.LIGHT, 20.0), reader.starts

    result, starts = _with("os.abort()", use)
    assert isinstance(result, NoAnswer)
    assert starts == 1


def test_one_that_hangs_is_killed() -> None:
    async def use(reader: NativeReader) -> object:
        return await reader.read(ADDRESS, Depth.LIGHT, 0.1 - GRACE_S)  # 0.1 s with the grace

    result = _with("time.sleep(60)", use)
    assert isinstance(result, NoAnswer)
    assert "hung" in result.reason


def test_a_program_that_does_not_start_is_said_in_words() -> None:
    async def run() -> object:
        return await NativeReader(("/nowhere/at/all",)).read(ADDRESS, Depth.LIGHT, 1.0)

    result = asyncio.run(run())
    assert isinstance(result, NoAnswer)
    assert "No such file" in result.reason


def test_the_real_one_answers_is_replaced_after_a_kill_and_ends_with_0() -> None:
    async def run() -> tuple[object, object, int, int | None]:
        reader = NativeReader()
        first = await reader.identify(ADDRESS, 10.0)
        process = reader._process
        assert process is not None
        process.kill()
        await process.wait()
        await until(lambda: reader._process is None)
        reader._not_before = 0.0
        second = await reader.identify(ADDRESS, 10.0)
        last = reader._process
        await reader.close()
        return first, second, reader.starts, last.returncode if last else None

    assert asyncio.run(run()) == (None, None, 2, 0)


def test_a_cancelled_question_leaves_nothing_behind() -> None:
    async def use(reader: NativeReader) -> int:
        asked = asyncio.create_task(reader.read(ADDRESS, Depth.LIGHT, 20.0))
        await until(lambda: reader._waiting)
        asked.cancel()
        await asyncio.wait([asked])
        return len(reader._waiting)

    assert _with("[None for _ in iter(lambda: os.read(0, 9999), b'')]", use) == 0


def test_an_interrupt_at_the_terminal_is_for_the_program_that_asks() -> None:
    async def run() -> tuple[object, int]:
        reader = NativeReader()
        await reader.identify(ADDRESS, 10.0)
        process = reader._process
        assert process is not None
        process.send_signal(signal.SIGINT)
        second = await reader.identify(ADDRESS, 10.0)
        await reader.close()
        return second, reader.starts

    assert asyncio.run(run()) == (None, 1)


def test_proxies_do_not_reach_it() -> None:
    given = {"HTTP_PROXY": "a", "https_proxy": "b", "All_Proxy": "c", "PATH": "/bin"}
    assert set(own_environment(given)) == {"PATH", "NO_PROXY", "MALLOC_ARENA_MAX"}
