"""The real gateway as a process, in a folder of its own, and a signed-in client of it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.system.processes import Program, free_port, wait_for

OWNER = "owner@localhost"
_ENVIRONMENT = {"RIG_REPORTS_PER_S": "1000", "RIG_REPORTS_BURST": "100000"}
_OPEN = "Open http"


class Gateway(NamedTuple):
    """A running commander; `client` carries the owner's cookie."""

    port: int
    store_file: Path
    client: httpx.Client
    farm: str


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    """Ended with the block, its folder with it."""
    with tempfile.TemporaryDirectory() as folder:
        port, home = free_port(), Path(folder) / "commander"
        log = Path(folder) / "commander.log"
        arguments = ["up", "--no-sentry", "--port", str(port), "--data", str(home)]
        program = Program("cloud", arguments, log, _ENVIRONMENT)
        try:
            wait_for("the commander's address", lambda: _OPEN in program.output())
            with _signed_in(f"http://127.0.0.1:{port}", program.output()) as client:
                farm = client.get("/v1/session").json()["farms"][0]["farm"]
                yield Gateway(port, home / "commander.sqlite", client, farm)
        finally:
            program.end()


@contextmanager
def running_module(module: str, *arguments: str) -> Iterator[int]:
    """A module of ours that serves on the port it is given; gives the port."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        program = Program(module, [str(port), *arguments, folder], Path(folder) / "log")
        try:
            wait_for(f"{module} on its port", lambda: _answers(port))
            yield port
        finally:
            program.end()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code > 0
    except httpx.TransportError:
        return False


def _signed_in(url: str, printed: str) -> httpx.Client:
    password = re.search(r"password (\S+)", printed)
    if password is None:
        raise RuntimeError(f"no password was printed: {printed}")
    credentials = {"email": OWNER, "password": password[1]}
    answer = httpx.post(f"{url}/v1/session", json=credentials, trust_env=False)
    cookie = answer.raise_for_status().headers["set-cookie"].partition(";")[0]
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
    return httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False)
