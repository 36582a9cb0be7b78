"""A child process that is asked by numbers and answers in lines, with a deadline for each answer."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Full, Queue
from typing import IO, Protocol

import msgspec

PROGRAM = Path(__file__).with_name("child.py")
_LONGEST_LINE = 1024 * 1024
# More than a child that answers can ever have said in between.
_MOST_LINES = 16
_END_S = 0.5


class ChildError(Exception):
    """The child ended, or what it says is no answer; in words."""


class CardFixed(msgspec.Struct, frozen=True):
    """What does not change of a card."""

    uuid: str | None = None
    address: str | None = None
    name: str | None = None
    vbios: str | None = None
    memory_bytes: int | None = None


class CardAnswer(msgspec.Struct, frozen=True):
    """By metric. `failure`: nothing could be read; without `fixed` nobody knows of which card."""

    fixed: CardFixed | None
    values: dict[str, float]
    unread: dict[str, str]
    failure: str | None = None
    lost: bool = False


class Answer(msgspec.Struct, frozen=True):
    """To the question with this number; `failure` says why there are no cards."""

    number: int
    driver: str | None = None
    cards: tuple[CardAnswer, ...] = ()
    failure: str | None = None


class Child(Protocol):
    """One run of the program that asks the driver."""

    def ask(self, number: int) -> None:
        """Sends the question; raises ChildError."""

    def answer(self, number: int, within_s: float) -> Answer | None:
        """None when it does not come in time; raises ChildError."""

    def end(self) -> bool:
        """Kills it; False when it outlives that, as what hangs within the kernel does."""

    def ended(self) -> bool:
        """Whether it is gone by now."""


class RunningChild:
    """A `Child` that runs `command`; a thread of its own waits for its lines."""

    def __init__(self, command: Sequence[str]) -> None:
        """Raises OSError. The thread starts it: Linux ends it with the thread that did, not with us alone."""
        self._command = command
        self._lines: Queue[bytes] = Queue(_MOST_LINES)
        begun: Queue[subprocess.Popen[bytes] | Exception] = Queue(1)
        threading.Thread(target=self._live, args=(begun,), name="nvidia", daemon=True).start()
        outcome = begun.get()
        if isinstance(outcome, Exception):
            raise outcome
        self._process = outcome

    @property
    def pid(self) -> int:
        """Of the child."""
        return self._process.pid

    def ask(self, number: int) -> None:
        """As `Child` says."""
        try:
            questions = _pipe(self._process.stdin)
            questions.write(b"%d\n" % number)
            questions.flush()
        except OSError as error:
            raise ChildError(self._fate()) from error

    def answer(self, number: int, within_s: float) -> Answer | None:
        """As `Child` says; answers that come too late are passed over."""
        until = time.monotonic() + within_s
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                return None
            answer = self._parsed(line)
            if answer.number == number:
                return answer

    def end(self) -> bool:
        """As `Child` says."""
        with suppress(OSError):
            _pipe(self._process.stdin).close()
        with suppress(OSError):
            self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        return self.ended()

    def ended(self) -> bool:
        """As `Child` says."""
        return self._process.poll() is not None

    def _parsed(self, line: bytes) -> Answer:
        if not line:
            raise ChildError(self._fate())
        try:
            return msgspec.json.decode(line, type=Answer)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise ChildError("its reader says what is no answer") from error

    def _live(self, begun: Queue[subprocess.Popen[bytes] | Exception]) -> None:
        """As long as the child can say something."""
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except Exception as error:  # noqa: BLE001 - raised where somebody waits for it
            begun.put(error)
            return
        begun.put(process)
        self._listen(process)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """An empty line is the end. A child that says more than it is asked is ended."""
        with _pipe(process.stdout) as file:
            try:
                while line := _line(file):
                    self._lines.put_nowait(line)
            except Full:
                process.kill()
                self._forget()
        with suppress(Full):
            self._lines.put_nowait(b"")

    def _forget(self) -> None:
        with suppress(Empty):
            while True:
                self._lines.get_nowait()

    def _fate(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        status = self._process.returncode
        if status is not None and status < 0:
            return f"its reader crashed (signal {-status})"
        return f"its reader ended with status {status}"


def started() -> Child:
    """The real one; raises OSError. By its path, so that it loads nothing of ours."""
    return RunningChild((sys.executable, "-P", str(PROGRAM), str(os.getpid())))


def _line(file: IO[bytes]) -> bytes:
    try:
        return file.readline(_LONGEST_LINE)
    except (OSError, ValueError):
        return b""


def _pipe(file: IO[bytes] | None) -> IO[bytes]:
    assert file is not None  # noqa: S101 - both were asked for
    return file
