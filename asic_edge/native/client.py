"""The agent's side of the reading process: starts it, asks it, and replaces it when it dies or hangs."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from asic_edge.login import Login
from asic_edge.native.frames import NO_LIBRARY, Ask, Frames, Told, Verb, framed
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot

PROGRAM: Final = (sys.executable, "-m", "asic_edge.native")
GRACE_S: Final = 3.0
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
_CHUNK_BYTES = 256 * 1024
_PROXIES = {"http_proxy", "https_proxy", "all_proxy"}

_ENDED = "could not be asked: the reading program ended and is started again"
_HUNG = "could not be asked: the reading program hung and is started again"
_NO_LIBRARY = "cannot be read here: pyasic-rs is not installed, or not made for this system"

log = logging.getLogger(__name__)


class NativeReader:
    """Asks the process, which is started with the first question. Use it within one event loop.

    Its death answers all that was asked with the reason; the next question after a pause starts another,
    which identifies devices anew. One that keeps silent for `GRACE_S` beyond a limit is killed.
    """

    def __init__(self, program: Sequence[str] = PROGRAM) -> None:
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._waiting: dict[int, asyncio.Future[Told]] = {}
        self._leaving: list[bytes] = []
        self._number = 0
        self._pause_s = FIRST_PAUSE_S
        self._not_before = 0.0
        self._closing = False
        self._why = ""
        self.starts = 0

    async def identify(
        self, address: str, limit_s: float, login: Login | None = None
    ) -> Identity | NoAnswer | None:
        """None: the library does not know what is there."""
        told = await self._ask(Verb.IDENTIFY, address, Depth.LIGHT, limit_s, login)
        return NoAnswer(told.reason) if told.reason else told.identity

    async def read(
        self, address: str, depth: Depth, limit_s: float, login: Login | None = None
    ) -> Snapshot | NoAnswer:
        """Identifies the device first where this process has not."""
        told = await self._ask(Verb.READ, address, depth, limit_s, login)
        return told.snapshot or NoAnswer(told.reason or "gave no answer")

    def forget(self, address: str) -> None:
        """The next reading identifies the device anew."""
        if self._process is not None:
            self._send(Ask(0, Verb.FORGET, address))

    async def close(self) -> None:
        """Ends the process; questions under way are answered with the reason."""
        self._closing, self._not_before, self._why = True, float("inf"), "was not asked: this program ends"
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        await self._ended(process)

    async def _ask(self, verb: Verb, address: str, depth: Depth, limit_s: float, login: Login | None) -> Told:
        reason = await self._started()
        if reason:
            return Told(0, reason=reason)
        self._number += 1
        number = self._number
        answer: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._send(Ask(number, verb, address, depth, limit_s, login))
        try:
            async with asyncio.timeout(limit_s + GRACE_S):
                return await answer
        except TimeoutError:
            self._kill("it gave no answer in time")
            return Told(number, reason=_HUNG)
        except asyncio.CancelledError:
            self._send(Ask(number, Verb.CANCEL, address))
            raise
        finally:
            self._waiting.pop(number, None)

    def _send(self, ask: Ask) -> None:
        """Questions of one turn of the loop leave together."""
        if not self._leaving:
            asyncio.get_running_loop().call_soon(self._flush)
        self._leaving.append(framed(ask))

    def _flush(self) -> None:
        data, self._leaving = b"".join(self._leaving), []
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(data)

    async def _started(self) -> str:
        """Starts the process where there is none; the reason why not, else ""."""
        async with self._starting:
            if self._process is not None:
                return ""
            if time.monotonic() < self._not_before:
                return self._why
            try:
                await self._start()
            except OSError as error:
                self._back_off()
                self._why = (
                    f"could not be asked: the reading program does not start: {error.strerror or error}"
                )
                return self._why
            return ""

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *self._program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=own_environment(os.environ),
        )
        self.starts += 1
        self._listening = asyncio.create_task(self._listen(self._process))

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        frames = Frames(Told)
        try:
            while process.stdout is not None and (chunk := await process.stdout.read(_CHUNK_BYTES)):
                for told in frames.feed(chunk):
                    self._pause_s = FIRST_PAUSE_S
                    answer = self._waiting.get(told.number)
                    if answer is not None and not answer.done():
                        answer.set_result(told)
        except ValueError as error:
            self._kill(f"it said what cannot be read: {error}")
        code = await process.wait()
        self._lost(process, code)

    def _lost(self, process: asyncio.subprocess.Process, code: int) -> None:
        if self._process is not process:
            return
        self._process = None
        self._back_off()
        if not self._closing:
            log.warning("The reading program ended with %d; %d questions are open", code, len(self._waiting))
        self._why = _NO_LIBRARY if code == NO_LIBRARY else _ENDED
        for number, answer in self._waiting.items():
            if not answer.done():
                answer.set_result(Told(number, reason=self._why))

    def _back_off(self) -> None:
        self._not_before = max(self._not_before, time.monotonic() + self._pause_s)
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)

    def _kill(self, why: str) -> None:
        if self._process is not None:
            log.warning("The reading program is ended: %s", why)
            with suppress(ProcessLookupError):
                self._process.kill()

    async def _ended(self, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(GRACE_S):
                await process.wait()
        except TimeoutError:
            self._kill("it did not end by itself")
        if self._listening is not None:
            await self._listening


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Devices are asked within the LAN: the library would ask a proxy for them. Few arenas save memory."""
    kept = {name: value for name, value in environment.items() if name.lower() not in _PROXIES}
    return {**kept, "NO_PROXY": "*", "MALLOC_ARENA_MAX": "2"}
