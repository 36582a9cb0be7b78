"""One HTTP request on a connection of its own, read by h11."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import h11

from asic_edge.links.reasons import LinkError, refused

PORT = 80
MOST_BYTES = 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class Reply(NamedTuple):
    """Status and body."""

    status: int
    body: bytes


async def post_form(address: str, path: str, form: str) -> Reply:
    """Sends an encoded form. Raises LinkError; it has no deadline of its own.

    Proxies are never used: devices are asked within the LAN.
    """
    try:
        reader, writer = await asyncio.open_connection(address, PORT)
    except OSError as error:
        raise refused(error, PORT) from error
    try:
        return await _exchange(reader, writer, _request(address, path, form), form.encode())
    except OSError as error:
        raise refused(error, PORT) from error
    except h11.RemoteProtocolError as error:
        raise LinkError(f"gave no readable answer on port {PORT}") from error
    finally:
        writer.close()


def _request(address: str, path: str, form: str) -> h11.Request:
    headers = [
        ("Host", address),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", str(len(form.encode()))),
        ("Connection", "close"),
    ]
    return h11.Request(method="POST", target=path, headers=headers)


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: h11.Request, body: bytes
) -> Reply:
    http = h11.Connection(h11.CLIENT)
    for sent in (request, h11.Data(data=body), h11.EndOfMessage()):
        writer.write(http.send(sent) or b"")
    await writer.drain()
    status, length = 0, 0
    parts: list[bytes] = []
    while True:
        event: object = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(_CHUNK_BYTES))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            parts.append(bytes(event.data))
            length += len(event.data)
            if length > MOST_BYTES:
                raise LinkError(f"answered more than {MOST_BYTES} bytes on port {PORT}")
        elif isinstance(event, h11.EndOfMessage):
            return Reply(status, b"".join(parts))
        elif isinstance(event, h11.ConnectionClosed):
            raise LinkError(f"ended its answer on port {PORT} too early")
