"""The port `Documents` with a folder, from which the gateway serves whoever shows a signed address."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path
from typing import Final

from cloud.domain.signing import SignedAddress
from cloud.ports import Clock, StoreFileError, StoreUnavailable

VALID_FOR_S: Final = 14 * 86_400
"""Of an address, by day: a rig fetches from the one that it has when the commander says nothing."""
_DAY_S: Final = 86_400
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,12}")


class DocumentFolder:
    """One file for each rig. Addresses are signed with a secret that lies beside them."""

    def __init__(self, folder: Path, public_url: str, clock: Clock) -> None:
        """Raises StoreFileError."""
        self._folder, self._public_url, self._clock = folder, public_url, clock
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._secret = self._kept_secret()
        except OSError as error:
            raise StoreFileError(f"{folder} cannot be used: {error.strerror}.") from error

    def place(self, farm: str, machine: str, body: bytes) -> None:
        path = self._path(farm, machine)
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _replace(path, body)
        except OSError as error:
            raise StoreUnavailable(f"a rig's document cannot be written: {error.strerror}") from error

    def remove(self, farm: str, machine: str) -> None:
        try:
            self._path(farm, machine).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"a rig's document cannot be removed: {error.strerror}") from error

    def address(self, farm: str, machine: str) -> SignedAddress:
        until = (int(self._clock()) // _DAY_S + 1) * _DAY_S + VALID_FOR_S
        signature = self._signature(farm, machine, str(until))
        url = f"{self._public_url}/documents/{farm}/{machine}?until={until}&signature={signature}"
        return SignedAddress(url, until)

    def opened(self, farm: str, machine: str, until: str, signature: str) -> bytes | None:
        """The document behind an address; None for every wrong one, and where there is no document."""
        expected = self._signature(farm, machine, until)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            return None
        if not _NUMBER.fullmatch(until) or self._clock() > int(until):
            return None
        try:
            return self._path(farm, machine).read_bytes()
        except (OSError, ValueError):
            return None  # never placed, or removed since

    def _signature(self, farm: str, machine: str, until: str) -> str:
        return hmac.new(self._secret, f"{farm}/{machine}?{until}".encode(), hashlib.sha256).hexdigest()

    def _path(self, farm: str, machine: str) -> Path:
        """Raises ValueError for what is no id and could lead elsewhere."""
        if not _ID.fullmatch(farm) or not _ID.fullmatch(machine):
            raise ValueError("not an id")
        return self._folder / farm / f"{machine}.json"

    def _kept_secret(self) -> bytes:
        path = self._folder / "address.secret"
        if not path.exists():
            _replace(path, secrets.token_bytes(32))
        return path.read_bytes()


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
