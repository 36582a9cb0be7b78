"""A commander's key, and documents signed with it."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wire.assignments import (
    ASSIGNMENT_PURPOSE,
    HANDOVER_PURPOSE,
    Document,
    Handover,
    Key,
    Manifest,
    SignedDocument,
    SignedHandover,
)
from wire.codec import encode

FARM, MACHINE, NOW = "farm_1", "machine_1", 1_800_000_000.0


class SigningKey:
    """A key made of a number."""

    def __init__(self, number: int = 1) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)

    @property
    def public(self) -> Key:
        return self._key.public_key().public_bytes_raw()

    def sign(self, content: bytes) -> bytes:
        return self._key.sign(content)

    def hand_over(self, key: SigningKey, farm: str = FARM) -> SignedHandover:
        """Signs that `key` counts from now on."""
        handover = encode(Handover(farm, key.public, NOW))
        return SignedHandover(handover, self.sign(HANDOVER_PURPOSE + handover))


def manifest_of(
    document: bytes, *, revision: int = 1, epoch: int = 1, machine: str = MACHINE, farm: str = FARM
) -> Manifest:
    """One that is valid for a day."""
    digest = hashlib.sha256(document).hexdigest()
    return Manifest(farm, machine, epoch, revision, NOW + 86_400, digest, len(document))


def signed(
    document: Document,
    key: SigningKey,
    handovers: tuple[SignedHandover, ...] = (),
    *,
    revision: int = 1,
    epoch: int = 1,
    machine: str = MACHINE,
    farm: str = FARM,
) -> SignedDocument:
    """The document as it lies in the store."""
    content = encode(document)
    manifest = encode(manifest_of(content, revision=revision, epoch=epoch, machine=machine, farm=farm))
    return SignedDocument(manifest, key.sign(ASSIGNMENT_PURPOSE + manifest), content, handovers)
