"""What the gateway is compared with: starlette, one SQLite row a request, synchronous=FULL, nothing else."""

from __future__ import annotations

import sqlite3
import sys
import threading
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def create_server(path: Path) -> Starlette:
    """Every POST to /v1/reports is kept whole; each is a transaction of its own."""
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE reports (body BLOB)")
    lock = threading.Lock()

    def keep(body: bytes) -> None:
        with lock:
            database.execute("INSERT INTO reports VALUES (?)", (body,))

    async def take(request: Request) -> Response:
        await run_in_threadpool(keep, await request.body())
        return Response("{}", media_type="application/json")

    return Starlette(routes=[Route("/v1/reports", take, methods=["POST"])])


def main() -> None:
    """Arguments: port and folder. Settings as the gateway's."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    app = create_server(folder / "bare.sqlite")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    main()
