"""The port `Signer` with a key in a file that nobody but its owner can read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from cloud.domain.signing import Signed
from cloud.ports import StoreFileError, StoreUnavailable

_Seed = Annotated[bytes, Meta(min_length=32, max_length=32)]


class _Content(msgspec.Struct, frozen=True):
    """The present key, and behind it the one that a rotation has made."""

    keys: Annotated[tuple[_Seed, ...], Meta(min_length=1, max_length=2)]


class KeyFile:
    """Made with a new key where there is none. Read at each use, for another process may rotate it."""

    def __init__(self, path: Path) -> None:
        """Raises StoreFileError for a file that others can read, or that is damaged."""
        self._path = path
        if not path.exists():
            self._write(_Content((_new_seed(),)))
        self._read()

    def public_key(self) -> bytes:
        return _public(self._present())

    def sign(self, content: bytes) -> Signed:
        key = self._present()
        return Signed(_public(key), key.sign(content))

    def next_key(self) -> bytes:
        kept = self._kept()
        if len(kept.keys) < 2:
            kept = _Content((kept.keys[0], _new_seed()))
            self._write(kept)
        return _public(Ed25519PrivateKey.from_private_bytes(kept.keys[1]))

    def switch(self) -> None:
        kept = self._kept()
        if len(kept.keys) == 2:
            self._write(_Content(kept.keys[1:]))

    def _present(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._kept().keys[0])

    def _kept(self) -> _Content:
        try:
            return self._read()
        except StoreFileError as error:
            raise StoreUnavailable(str(error)) from error

    def _read(self) -> _Content:
        try:
            with self._path.open("rb") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                    raise StoreFileError(
                        f"{self._path} can be read by others on this computer: whoever has this key decides "
                        f"what rigs run. Close it with: chmod 600 {self._path}"
                    )
                return msgspec.json.decode(file.read(), type=_Content)
        except OSError as error:
            raise StoreFileError(f"{self._path} cannot be read: {error.strerror}.") from error
        except msgspec.MsgspecError as error:
            raise StoreFileError(
                f"{self._path} is damaged: it holds no key. Restore it from a copy."
            ) from error

    def _write(self, content: _Content) -> None:
        """As a whole, and on disk, before any rig can pin the key."""
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            new.unlink(missing_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(content))
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            raise StoreFileError(f"{self._path} cannot be written: {error.strerror}.") from error


def _new_seed() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()
