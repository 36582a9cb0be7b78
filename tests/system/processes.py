"""Starts the real programs as processes, and ends each of them by its pid."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import httpx

T = TypeVar("T")
WAIT_S = 60.0
FAST = {"RIG_REPORT_INTERVAL_S": "2", "RIG_SAMPLE_INTERVAL_S": "1"}


def wait_for(what: str, look: Callable[[], T | None], timeout_s: float = WAIT_S) -> T:
    """Looks until something is there; fails in words when it never is."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {timeout_s:g} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Program:
    """One of our programs, its output in a file."""

    def __init__(
        self, module: str, arguments: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(env or {})},
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """As kill -9."""
        self.process.kill()
        self.process.wait(WAIT_S)

    def end(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C; gives the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(WAIT_S)


class Commander:
    """`commander up` on a data folder, which it can be started on again."""

    def __init__(
        self, data: Path, *arguments: str, env: Mapping[str, str] = FAST, expect_password: bool = True
    ) -> None:
        self.data, self.arguments = data, arguments
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = data.with_suffix(".log")
        self._env = env
        self.start()
        password = re.search(r"password (\S+)", self.program.output())
        assert password is not None or not expect_password, self.program.output()
        self.password = password[1] if password else ""

    def start(self) -> None:
        begun = self._log.stat().st_size if self._log.exists() else 0
        arguments = ["up", "--data", str(self.data), "--port", str(self.port), *self.arguments]
        self.program = Program("cloud", arguments, self._log, self._env)
        wait_for("the commander's address", lambda: "Open http" in self.program.output()[begun:])

    def signed_in(self) -> httpx.Client:
        """A client with the owner's cookie; httpx sends no Secure cookie over http by itself."""
        credentials = {"email": "owner@localhost", "password": self.password}
        answer = httpx.post(f"{self.url}/v1/session", json=credentials, trust_env=False)
        assert answer.status_code == 200, answer.text
        cookie = answer.headers["set-cookie"].partition(";")[0]
        headers = {"Cookie": cookie}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)


class VisitedCommander(Commander):
    """The test itself signs in once: the commander refuses many sign-ins in a short time."""

    _cookie: str | None = None

    def signed_in(self) -> httpx.Client:
        if self._cookie is None:
            with super().signed_in() as client:
                self._cookie = client.headers["Cookie"]
        headers = {"Cookie": self._cookie}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)
