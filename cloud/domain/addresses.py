"""Which addresses may be called: over TLS, or without it on this computer alone."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_safe(url: str) -> bool:
    """Whether `url` is an https address, or an http one of this computer, and holds no name or password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or port == 0 or "@" in parts.netloc or not (url.isascii() and url.isprintable()):
        return False
    return " " not in url and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))
