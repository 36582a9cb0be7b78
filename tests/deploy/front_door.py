"""The public address of a deployment, on loopback: what DNS and CloudFront's edge would be.

The emulator serves a distribution to whoever names it in `Host`. This relay names it, so that programs which
know nothing of emulators (`edge-sentry`, a browser's socket) use the deployment by one address. CloudFront
passes sockets on as well; the emulator's does not, so they go straight to the WebSocket API.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading

from tests.system.processes import free_port

_MAX_HEAD_BYTES = 64 * 1024
_CONNECT_S = 10
Headers = list[tuple[bytes, bytes]]


class FrontDoor:
    """Relays http://127.0.0.1:`port` to the distribution `domain` of an emulator, TLS behind it."""

    def __init__(self, emulator_port: int, tls: ssl.SSLContext, domain: str, socket_api: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.domain = domain
        self._emulator_port, self._tls, self._socket_api = emulator_port, tls, socket_api
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="front door", daemon=True)
        self._thread.start()
        if not self._ready.wait(_CONNECT_S):
            raise RuntimeError("the front door did not open")

    def close(self) -> None:
        """Ends every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CONNECT_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._ready.set()
        self._loop.run_forever()
        pending = asyncio.all_tasks(self._loop)
        for task in pending:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection, or one socket."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            behind = await asyncio.wait_for(
                asyncio.open_connection(
                    "127.0.0.1", self._emulator_port, ssl=self._tls, server_hostname="localhost"
                ),
                _CONNECT_S,
            )
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            writer.close()
            return
        behind[1].write(self._passed_on(head))
        await asyncio.gather(_relay(reader, behind[1]), _relay(behind[0], writer))

    def _passed_on(self, head: bytes) -> bytes:
        """The request's head as the distribution's own viewer would send it."""
        line, *rest = head[:-4].split(b"\r\n")
        headers = [
            (name.strip(), value.strip()) for name, _, value in (text.partition(b":") for text in rest)
        ]
        kept = [pair for pair in headers if pair[0].lower() not in (b"host", b"connection", b"origin")]
        if any(name.lower() == b"origin" for name, _ in headers):
            kept.append((b"Origin", self._origin(dict(headers))))
        return b"\r\n".join(
            [line, *(name + b": " + value for name, value in [*kept, *self._own(headers)]), b"", b""]
        )

    def _own(self, headers: Headers) -> Headers:
        if any(name.lower() == b"upgrade" for name, _ in headers):
            host = f"{self._socket_api}.execute-api.localhost".encode()
            seen = (b"X-Forwarded-Host", self.domain.encode())
            return [(b"Host", host), (b"Connection", b"Upgrade"), seen]
        return [(b"Host", self.domain.encode()), (b"Connection", b"close")]

    def _origin(self, headers: dict[bytes, bytes]) -> bytes:
        """A page that came from here knows this address for the distribution's."""
        given = next(value for name, value in headers.items() if name.lower() == b"origin")
        return f"https://{self.domain}".encode() if given == self.url.encode() else given


async def _relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await reader.read(_MAX_HEAD_BYTES):
            writer.write(part)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
