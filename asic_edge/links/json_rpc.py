"""The JSON of port 4028: one command a connection, the answer ends with NUL or with the connection."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import msgspec

from asic_edge.links.reasons import LinkError, refused

PORT = 4028
MOST_BYTES = 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_NOTHING: dict[str, Any] = {}


async def ask(address: str, command: str) -> dict[str, Any]:
    """The answer's JSON object. Raises LinkError; it has no deadline of its own.

    Plain non-blocking sockets: streams cost twice the CPU, and a round asks thousands of times.
    """
    loop = asyncio.get_running_loop()
    link = socket.socket()
    try:
        link.setblocking(False)
        await loop.sock_connect(link, (address, PORT))
        await loop.sock_sendall(link, b'{"command":"%s"}' % command.encode())
        return read_reply(await _received(loop, link), command)
    except OSError as error:
        raise refused(error, PORT) from error
    finally:
        link.close()


async def _received(loop: asyncio.AbstractEventLoop, link: socket.socket) -> bytes:
    received = b""
    while chunk := await loop.sock_recv(link, _CHUNK_BYTES):
        received += chunk
        if b"\x00" in chunk:
            break
        if len(received) > MOST_BYTES:
            raise LinkError(f"answered more than {MOST_BYTES} bytes on port {PORT}")
    return received


def read_reply(received: bytes, command: str) -> dict[str, Any]:
    """What was answered. Raises LinkError for what is no JSON object, and for a refusal.

    Some firmwares leave out commas between objects or put control characters into texts.
    """
    try:
        reply = _parsed(received.split(b"\x00", 1)[0])
    except (ValueError, RecursionError) as error:
        raise LinkError(f"gave no readable answer to {command}") from error
    if not isinstance(reply, dict):
        raise LinkError(f"gave no readable answer to {command}")
    if _status(reply) in ("E", "F"):
        raise LinkError(f"refuses the command {command}")
    return reply


def _parsed(text: bytes) -> Any:
    """The strict and quick way first; what it refuses is mended."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        mended = text.decode("utf-8", errors="replace").replace("}{", "},{")
        return json.loads(mended, strict=False)


def _status(reply: dict[str, Any]) -> object:
    status = reply.get("STATUS")
    first = status[0] if isinstance(status, list) and status else _NOTHING
    return first.get("STATUS") if isinstance(first, dict) and first else status
