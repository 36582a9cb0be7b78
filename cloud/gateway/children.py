"""The programs that run beside the commander on one machine; they end when their standard input closes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_STOP_S = 8
_ENROL_S = 30.0


class ChildError(Exception):
    """A program did not do its part; the message is its own last words."""


@dataclass(frozen=True, slots=True)
class Child:
    """A program that runs; what it writes stands in `log` from `begins` on."""

    process: subprocess.Popen[bytes]
    log: Path
    begins: int

    def said(self) -> str:
        """All that it has written so far."""
        return self.log.read_bytes()[self.begins :].decode(errors="replace")


class Children:
    """Started in sessions of their own, so that Ctrl-C reaches the commander alone, which ends them.

    Each holds the reading end of a pipe: however the commander ends, even killed, they notice.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, module: str, arguments: Sequence[str], log: Path | None = None) -> Child:
        """Runs a program of ours until `stop`; its output goes to `log`, or to the one log of them all."""
        log = log or self._log
        with log.open("ab") as output:
            begins = output.tell()
            process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                [*_program(module), *arguments, "--until-stdin-closes"],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=_environment(),
            )
        self._running.append(process)
        return Child(process, log, begins)

    def stop(self) -> None:
        """Asks all to end, waits a little, and ends those that do not."""
        for process in self._running:
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
        for process in self._running:
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def run_once(module: str, arguments: Sequence[str], within_s: float = _ENROL_S) -> None:
    """Runs a program of ours to its end; raises ChildError with what it said."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            [*_program(module), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise ChildError(f"{module} {arguments[0]} did not end within {within_s:g} s.") from error
    if done.returncode != 0:
        raise ChildError((done.stderr or done.stdout).strip() or f"exit {done.returncode}")


def _program(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def _environment() -> dict[str, str]:
    """Ours, but for folders that the user's own agents may be told to use."""
    return {name: value for name, value in os.environ.items() if name not in _OF_OTHER_AGENTS}


_OF_OTHER_AGENTS = {"EDGE_SENTRY_DATA", "ASIC_EDGE_DATA"}
