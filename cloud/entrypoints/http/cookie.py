"""The session's cookie: out of reach of scripts, other sites and other hosts."""

from __future__ import annotations

NAME = "__Host-session"


def read(header: str | None, cookie: str = NAME) -> str | None:
    """The secret in a `Cookie` header, the session's if no other is named; None where there is none.

    Read as browsers write it, pair by pair: programs on other ports of this host set cookies too,
    and a strict parser gives up at the first odd one.
    """
    for pair in (header or "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == cookie:
            return value.strip('"')
    return None


def write(secret: str, max_age_s: int) -> str:
    """A `Set-Cookie` header; `max_age_s` 0 removes the cookie."""
    return f"{NAME}={secret}; Path=/; Max-Age={max_age_s}; Secure; HttpOnly; SameSite=Strict"
