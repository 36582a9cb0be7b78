"""Asks a provider for one small JSON document: bounded in time and size, and no redirect is followed."""

from __future__ import annotations

import contextlib
import functools
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from cloud.domain.addresses import is_safe

LIMIT_S = 6.0
MAX_BYTES = 256 * 1024
_FORM = "application/x-www-form-urlencoded"


class FetchError(Exception):
    """There is no answer that can be used; the message says why and holds nothing that was sent."""


class Answer(NamedTuple):
    """A status and a body of at most MAX_BYTES."""

    status: int
    body: bytes


Fetch = Callable[[str, Mapping[str, str], Mapping[str, str] | None], Answer]


def fetch(
    url: str,
    headers: Mapping[str, str],
    form: Mapping[str, str] | None = None,
    *,
    limit_s: float = LIMIT_S,
    max_bytes: int = MAX_BYTES,
) -> Answer:
    """GET, or POST where there is a form; raises FetchError."""
    if not is_safe(url):
        raise FetchError(f"{url!r} is not an https address")
    connection, late = _connection(url, limit_s), threading.Event()
    # A socket's own limit is for each read: who sends a byte now and then would never meet it.
    end = threading.Timer(limit_s, _cut, [connection, late])
    end.daemon = True
    end.start()
    try:
        answer = _ask(connection, url, headers, form, max_bytes)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"{connection.host} did not answer: {type(error).__name__}") from error
    finally:
        end.cancel()
        connection.close()
    if late.is_set() or len(answer.body) > max_bytes:
        what = f"within {limit_s:g} s" if late.is_set() else f"in {max_bytes:,} bytes"
        raise FetchError(f"{connection.host} did not answer {what}")
    return answer


def _connection(url: str, limit_s: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = str(parts.hostname)
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=limit_s)
    return http.client.HTTPSConnection(host, parts.port, timeout=limit_s, context=_tls())


@functools.cache
def _tls() -> ssl.SSLContext:
    """Checks names and certificates by the system's authorities; it takes some 20 ms to make."""
    return ssl.create_default_context()


def _ask(
    connection: http.client.HTTPConnection,
    url: str,
    headers: Mapping[str, str],
    form: Mapping[str, str] | None,
    max_bytes: int,
) -> Answer:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Accept": "application/json", **headers}
    if form is None:
        connection.request("GET", target, headers=sent)
    else:
        connection.request("POST", target, urlencode(form), {**sent, "Content-Type": _FORM})
    answer = connection.getresponse()
    return Answer(answer.status, answer.read(max_bytes + 1))


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    """Whoever waits on the connection stops waiting."""
    late.set()
    with contextlib.suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
