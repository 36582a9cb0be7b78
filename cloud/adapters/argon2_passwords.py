"""Passwords by argon2id, with the library's current defaults (RFC 9106, low-memory profile)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cloud.ports import PasswordsBusy

AT_ONCE = 2
"""Each verification takes 64 MB."""
_WAITING = 4
"""So many threads may stand in line; the others stay free for agents' reports."""
_WAIT_S = 3.0


class Argon2Passwords:
    """The port `Passwords`."""

    def __init__(self, hasher: PasswordHasher | None = None, wait_s: float = _WAIT_S) -> None:
        self._hasher, self._wait_s = hasher or PasswordHasher(), wait_s
        self._nobodys_hash = self._hasher.hash(secrets.token_urlsafe(32))
        self._work, self._room = threading.Semaphore(AT_ONCE), threading.Semaphore(AT_ONCE + _WAITING)

    def hash(self, password: str) -> str:
        with _taken(self._room, 0), _taken(self._work, self._wait_s):
            return self._hasher.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        with _taken(self._room, 0), _taken(self._work, self._wait_s):
            try:
                return self._hasher.verify(password_hash or self._nobodys_hash, password)
            except (VerificationError, InvalidHashError):
                return False


@contextmanager
def _taken(places: threading.Semaphore, wait_s: float) -> Iterator[None]:
    """Holds one of the places; raises PasswordsBusy if none gets free."""
    if not places.acquire(timeout=wait_s):
        raise PasswordsBusy("as many passwords are being verified as may be at once")
    try:
        yield
    finally:
        places.release()
