"""An agent's token: `farm.agent.secret`. The ids find the record, the secret proves the right."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import NamedTuple

_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{32,128})\Z")


class Token(NamedTuple):
    """The three parts of a token as sent."""

    farm: str
    agent: str
    secret: str

    def __str__(self) -> str:
        return ".".join(self)


def read_token(text: str) -> Token | None:
    """The parts of a well-formed token, None for anything else."""
    match = _TOKEN.match(text)
    return Token(*match.groups()) if match else None


def bearer(authorization: str | None) -> str | None:
    """The text of an `Authorization: Bearer …` header; None for another scheme, as proxies have them."""
    scheme, _, text = (authorization or "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else None


def sha256(secret: str) -> str:
    """Hex digest under which a high-entropy secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, secret_sha256: str) -> bool:
    """Whether `secret` is the one kept, in constant time."""
    return hmac.compare_digest(sha256(secret), secret_sha256)
