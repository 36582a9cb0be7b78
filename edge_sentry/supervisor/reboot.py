"""The port to the machine's own restart, and its plain implementation; only an owner's leave opens it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol

# On Windows half a minute, in which a person can still prevent it.
COMMAND = (
    ("shutdown", "/r", "/t", "30", "/c", "edge-sentry")
    if sys.platform == "win32"
    else ("systemctl", "reboot")
)
_BEARABLE_S = 20.0


class Machine(Protocol):
    """What can be done to the machine as a whole."""

    def uptime_s(self) -> float:
        """Seconds since it was booted."""

    def reboot(self) -> None:
        """Asks the system for it; raises OSError with the reason when it refuses."""


class SystemMachine:
    """The port `Machine` on a real one. `call` runs a command and gives its exit status."""

    def __init__(self, call: Callable[[Sequence[str]], int]) -> None:
        self._call = call

    def uptime_s(self) -> float:
        if sys.platform == "linux":
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

    def reboot(self) -> None:
        status = self._call(COMMAND)
        if status != 0:
            raise OSError(f"{COMMAND[0]} ended with status {status}")


def call(command: Sequence[str]) -> int:
    """Runs it to its end; raises OSError when it cannot be run or does not end."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, timeout=_BEARABLE_S, check=False).returncode  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise OSError(f"{command[0]} did not end within {_BEARABLE_S:g} s") from error
