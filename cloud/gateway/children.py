"""The programs that run beside the commander on one machine; they end when their standard input closes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_STOP_S = 8
_ENROL_S = 30


class ChildError(Exception):
    """A program did not do its part; the message is its own last words."""


class Children:
    """Started in sessions of their own, so that Ctrl-C reaches the commander alone, which ends them.

    Each holds the reading end of a pipe: however the commander ends, even killed, they notice.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, arguments: Sequence[str]) -> None:
        """Runs `edge-sentry` with `arguments` until `stop`; its output goes to the log file."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                [*_program(), *arguments, "--until-stdin-closes"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=_environment(),
            )
        self._running.append(process)

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


def run_once(arguments: Sequence[str]) -> None:
    """Runs `edge-sentry` to its end; raises ChildError with what it said."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            [*_program(), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ENROL_S,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise ChildError(f"edge-sentry did not answer within {_ENROL_S} s.") from error
    if done.returncode != 0:
        raise ChildError((done.stderr or done.stdout).strip() or f"exit {done.returncode}")


def _program() -> list[str]:
    return [sys.executable, "-m", "edge_sentry"]


def _environment() -> dict[str, str]:
    """Ours, but for a folder that the user's own sentry may be told to use."""
    return {name: value for name, value in os.environ.items() if name != "EDGE_SENTRY_DATA"}
