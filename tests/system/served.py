"""The gateway of one machine within the test's own process, so that its store can be written past the API."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from cloud.__main__ import LOCAL_POLICY
from cloud.bootstrap import LocalCommander, on_one_machine
from cloud.gateway.server import create_server
from cloud.settings import Settings
from tests.system.processes import free_port, wait_for


@contextmanager
def served(folder: Path, web: Path, **ports: Any) -> Iterator[LocalCommander]:
    """A commander with a store in `folder` that serves the page in `web`; `ports` replace its own."""
    port = free_port()
    policy = replace(LOCAL_POLICY, reports_burst=100_000, requests_burst=100_000)
    settings = Settings(f"http://127.0.0.1:{port}", policy)
    commander = on_one_machine(settings, folder / "store.sqlite")
    commander = replace(commander, ports=replace(commander.ports, **ports))
    asgi = create_server(commander, web, ["127.0.0.1"])
    server = uvicorn.Server(uvicorn.Config(asgi, port=port, log_level="error", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for("the gateway", lambda: server.started)
        yield commander
    finally:
        server.should_exit = True
        thread.join()
