"""A session's cookie: `secret.person`. The secret proves the right, the person saves a read.

A session is kept under the digest of the whole cookie, so nobody can put another person behind a secret.
"""

from __future__ import annotations

import base64
import binascii
import re

_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}\.([A-Za-z0-9_-]{1,1720})\Z")
"""An address has at most 320 letters, of up to 4 bytes each; a longer key would not fit a store."""


def new_cookie(secret: str, email: str) -> str:
    """The cookie of a new session, fit for a header whatever letters the address has."""
    return f"{secret}.{base64.urlsafe_b64encode(email.encode()).decode().rstrip('=')}"


def person_of(cookie: str) -> str | None:
    """The address in a cookie; None for any other text, and for cookies of older programs."""
    match = _COOKIE.match(cookie)
    try:
        return base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)).decode() if match else None
    except (binascii.Error, UnicodeDecodeError):
        return None
