"""The session's cookie: out of reach of scripts, other sites and other hosts."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

NAME = "__Host-session"


def read(header: str | None) -> str | None:
    """The session's secret in a `Cookie` header, None where there is none."""
    try:
        morsel = SimpleCookie(header or "").get(NAME)
    except CookieError:
        return None
    return morsel.value if morsel else None


def write(secret: str, max_age_s: int) -> str:
    """A `Set-Cookie` header; `max_age_s` 0 removes the cookie."""
    return f"{NAME}={secret}; Path=/; Max-Age={max_age_s}; Secure; HttpOnly; SameSite=Strict"
