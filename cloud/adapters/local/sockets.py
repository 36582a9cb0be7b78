"""The open sockets of this process, each with its own outgoing queue."""

from __future__ import annotations

import threading
from collections.abc import Callable

Send = Callable[[bytes], bool]


class LocalSockets:
    """The port `Sockets`; the gateway adds and removes connections."""

    def __init__(self) -> None:
        self._sends: dict[str, Send] = {}
        self._lock = threading.Lock()

    def add(self, connection: str, send: Send) -> None:
        """`send` takes one message without blocking, and is False when the page does not keep up.

        An empty message ends the connection.
        """
        with self._lock:
            self._sends[connection] = send

    def remove(self, connection: str) -> None:
        """Messages for it are refused from now on."""
        with self._lock:
            self._sends.pop(connection, None)

    def send(self, connection: str, message: bytes) -> bool:
        with self._lock:
            send = self._sends.get(connection)
        return send is not None and send(message)

    def close(self, connection: str) -> None:
        self.send(connection, b"")
