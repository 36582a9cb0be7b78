"""Stands in for a mining program: it mines nothing, and misbehaves as it is told. Only the standard library.

Its interface: a connection to the port is answered with one JSON line and closed; or, with a recording
of XMRig's summary, as XMRig would answer.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sys
import time

_STEP_S = 0.05


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("token", help="by which a test finds its processes")
    parser.add_argument("--port", type=int)
    parser.add_argument("--open-after", type=float, default=0.0)
    parser.add_argument("--silent-after", type=float, default=1e9, help="accepts, but says nothing more")
    parser.add_argument("--hashrates", default="100", help="of its cards, divided by commas")
    parser.add_argument("--summary", help="a recording, served as the page /2/summary")
    parser.add_argument("--bytes-per-s", type=int, default=0)
    parser.add_argument("--say", default="")
    parser.add_argument("--exit", type=int)
    parser.add_argument("--after", type=float, default=0.0)
    parser.add_argument("--deaf", action="store_true", help="ignores SIGINT and SIGTERM")
    parser.add_argument("--children", choices=("plain", "daemon", "unmarked"), action="append", default=[])
    return parser.parse_args()


def main() -> None:
    wanted = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        if wanted.deaf:
            signal.signal(number, signal.SIG_IGN)
        elif signal.getsignal(number) is not signal.SIG_IGN:  # as it was started, so it stays
            signal.signal(number, signal.SIG_DFL)
    for kind in wanted.children:
        _bear(kind, wanted.token)
    if wanted.say:
        print(wanted.say, flush=True)  # noqa: T201
    _live(wanted, time.monotonic())


def _live(wanted: argparse.Namespace, began: float) -> None:
    listening = None
    while True:
        lived_s = time.monotonic() - began
        if wanted.exit is not None and lived_s >= wanted.after:
            os._exit(wanted.exit)
        if wanted.port and listening is None and lived_s >= wanted.open_after:
            listening = socket.create_server(("127.0.0.1", wanted.port))
            listening.settimeout(_STEP_S)
        if wanted.bytes_per_s:
            _flood(int(wanted.bytes_per_s * _STEP_S))
        if listening is None or lived_s >= wanted.silent_after:
            time.sleep(_STEP_S)
        elif wanted.summary:
            _serve(listening, wanted.summary)
        else:
            _answer(listening, [float(rate) for rate in wanted.hashrates.split(",")])


def _flood(count: int) -> None:
    line = b"share accepted by the pool " + b"." * 72 + b"\n"
    os.write(1, line * (count // len(line)))


def _answer(listening: socket.socket, rates: list[float]) -> None:
    with contextlib.suppress(OSError):
        connection, _ = listening.accept()
        with connection:
            connection.sendall(json.dumps(rates).encode() + b"\n")


def _serve(listening: socket.socket, recording: str) -> None:
    with contextlib.suppress(OSError):
        connection, _ = listening.accept()
        with connection, open(recording, "rb") as file:  # noqa: PTH123 - pathlib would slow its start
            connection.settimeout(2)
            found = connection.recv(65536).startswith(b"GET /2/summary ")
            body = file.read() if found else b"{}"
            status = b"200 OK" if found else b"404 Not Found"
            head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
            connection.sendall(head + body)


def _bear(kind: str, token: str) -> None:
    """`daemon` leaves session, parent and descriptors; `unmarked` keeps those and drops its environment."""
    if os.fork() != 0:
        return
    environment = {} if kind == "unmarked" else dict(os.environ)
    if kind != "plain":
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
    if kind == "daemon":
        os.closerange(0, 100)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sleep = f"import time; time.sleep(300)  # {token}"
    os.execve(sys.executable, [sys.executable, "-SEc", sleep], environment)  # noqa: S606


if __name__ == "__main__":
    main()
