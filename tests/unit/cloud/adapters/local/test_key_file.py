"""The key is made once, and nobody else reads it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cloud.adapters.local.key_file import KeyFile
from cloud.ports import StoreFileError, StoreUnavailable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "signing.key"


def test_it_is_made_at_first_and_kept(path: Path) -> None:
    key = KeyFile(path).public_key()
    assert KeyFile(path).public_key() == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_its_signatures_are_verified_by_its_public_key(path: Path) -> None:
    signer = KeyFile(path)
    signed = signer.sign(b"content")
    assert signed.key == signer.public_key()
    Ed25519PublicKey.from_public_bytes(signed.key).verify(signed.signature, b"content")


def test_a_rotation_can_be_interrupted_and_is_seen_by_others(path: Path) -> None:
    signer, other = KeyFile(path), KeyFile(path)
    old, new = signer.public_key(), signer.next_key()
    assert KeyFile(path).next_key() == new
    assert other.public_key() == old
    signer.switch()
    assert (other.public_key(), other.sign(b"x").key) == (new, new)
    signer.switch()
    assert other.public_key() == new


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such bits")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_one_that_others_can_read_is_refused(path: Path, mode: int) -> None:
    signer = KeyFile(path)
    path.chmod(mode)
    with pytest.raises(StoreFileError, match="chmod 600"):
        KeyFile(path)
    with pytest.raises(StoreUnavailable, match="chmod 600"):
        signer.sign(b"x")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"keys": []}', b'{"keys": ["AAAA"]}'])
def test_a_damaged_one_is_refused_and_never_replaced(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(StoreFileError, match="damaged"):
        KeyFile(path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreFileError, match="cannot be written"):
        KeyFile(tmp_path / "missing" / "signing.key")
