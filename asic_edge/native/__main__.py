"""`python -m asic_edge.native`: answers questions from standard input until it closes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading

from asic_edge.native.frames import NO_LIBRARY, Ask, Frames, Told, Verb, framed
from asic_edge.snapshot import NoAnswer

try:
    from asic_edge.readers.pyasic_rs import LibraryReader
except ModuleNotFoundError:
    sys.exit(NO_LIBRARY)

_CHUNK_BYTES = 256 * 1024


class _Answering:
    """Questions are worked on side by side; their answers leave in whatever order they come."""

    def __init__(self, output: int) -> None:
        self._reader = LibraryReader()
        self._output = output
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._waiting: list[bytes] = []

    def take(self, asked: list[Ask]) -> None:
        """Begins with each."""
        for ask in asked:
            if ask.verb is Verb.FORGET:
                self._reader.forget(ask.address)
            elif ask.verb is Verb.CANCEL:
                if ask.number in self._under_way:
                    self._under_way[ask.number].cancel()
            else:
                self._under_way[ask.number] = asyncio.create_task(self._answer(ask))

    async def _answer(self, ask: Ask) -> None:
        try:
            async with asyncio.timeout(ask.limit_s):
                told = await self._told(ask)
        except TimeoutError:
            told = Told(ask.number, reason=f"no answer within {ask.limit_s:g} s")
        except Exception as error:  # noqa: BLE001 - the outermost loop: one device must not end the others
            told = Told(ask.number, reason=f"the reader failed: {type(error).__name__}")
        finally:
            self._under_way.pop(ask.number, None)
        self._send(framed(told))

    async def _told(self, ask: Ask) -> Told:
        if ask.verb is Verb.IDENTIFY:
            return Told(ask.number, identity=await self._reader.identify(ask.address, ask.login))
        found = await self._reader.read(ask.address, ask.depth, ask.login)
        if isinstance(found, NoAnswer):
            return Told(ask.number, reason=found.reason)
        return Told(ask.number, snapshot=found)

    def _send(self, message: bytes) -> None:
        """Answers of one turn of the loop leave together."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append(message)

    def _flush(self) -> None:
        data, self._waiting = memoryview(b"".join(self._waiting)), []
        while data:
            data = data[os.write(self._output, data) :]


def main() -> None:
    """Ends by `os._exit`: the library's threads can abort an interpreter that ends in the usual way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that asks
    output = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not come between answers
    asyncio.run(_serve(_Answering(output)))


async def _serve(answering: _Answering) -> None:
    loop = asyncio.get_running_loop()
    threading.Thread(target=_listen, args=(loop, answering), daemon=True).start()
    await loop.create_future()


def _listen(loop: asyncio.AbstractEventLoop, answering: _Answering) -> None:
    """A thread, since not every system lets a loop wait for standard input."""
    frames = Frames(Ask)
    try:
        while chunk := os.read(0, _CHUNK_BYTES):
            loop.call_soon_threadsafe(answering.take, list(frames.feed(chunk)))
    finally:
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
