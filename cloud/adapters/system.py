"""The system's clock and randomness."""

from __future__ import annotations

import base64
import secrets
import time


class SystemClock:
    """The port `Clock`."""

    def __call__(self) -> float:
        return time.time()


class SystemRandomness:
    """The port `Randomness`."""

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{base64.b32encode(secrets.token_bytes(10)).decode().lower()}"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)
