"""A port of a device that answers every request with given bytes, and then hangs up."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count

from tests.fakes.asic_hall import need_low_ports

_used = count(1)


@asynccontextmanager
async def answering(port: int, reply: Callable[[bytes], bytes]) -> AsyncIterator[str]:
    """The address on which it listens; `reply` is given what came first."""
    need_low_ports()
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    address = f"127.{60 + worker}.250.{next(_used)}"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(reply(await reader.read(65536)))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, address, port)
    try:
        yield address
    finally:
        server.close()
