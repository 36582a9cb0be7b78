"""Decides whether a downloaded document may be believed; knows no network and no disk."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import NamedTuple, TypeVar

import msgspec

from wire.assignments import (
    ASSIGNMENT_PURPOSE,
    DOCUMENT_MAX_BYTES,
    HANDOVER_PURPOSE,
    Document,
    Handover,
    Manifest,
    SignedDocument,
    SignedHandover,
)

MOST_BYTES = 2 * DOCUMENT_MAX_BYTES
T = TypeVar("T")


class Why(StrEnum):
    """What is wrong with a document that is not believed."""

    UNREADABLE = "unreadable"
    SIGNATURE = "wrong signature"
    FARM = "another farm"
    RIG = "another rig"
    OLDER = "older revision"
    EXPIRED = "expired"
    CONTENT = "changed content"
    VALUES = "unusable values"


class Unbelievable(Exception):
    """A document that is not accepted; the message is a sentence for people."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


class Accepted(NamedTuple):
    """What was last accepted: nothing older is ever again. (0, 0) before the first one."""

    epoch: int = 0
    revision: int = 0


class Rig(NamedTuple):
    """Who we are, and the key that was pinned when we enrolled, or that it has led to since."""

    farm: str
    machine: str
    key: bytes


class Believed(NamedTuple):
    """A document that may run, and the key that is pinned from now on."""

    manifest: Manifest
    document: Document
    key: bytes


def believed(body: bytes, rig: Rig, accepted: Accepted, now: float | None) -> Believed:
    """The document in `body`; raises Unbelievable.

    `now`: epoch seconds as the commander last told them, None where the time is not known: then nothing is
    called expired, since a wrong clock must not keep a rig from work.
    """
    signed = _read(body, SignedDocument, "the document")
    key = _leading_key(signed, rig)
    _check_signature(key, ASSIGNMENT_PURPOSE, signed.manifest, signed.signature)
    manifest = _read(signed.manifest, Manifest, "its manifest")
    _check_manifest(manifest, rig, accepted, now)
    if len(signed.document) != manifest.size or _sha256(signed.document) != manifest.sha256:
        raise Unbelievable(
            Why.CONTENT, "The document is not the one that was signed: its content was changed."
        )
    return Believed(manifest, _read(signed.document, Document, "its content"), key)


def _check_manifest(manifest: Manifest, rig: Rig, accepted: Accepted, now: float | None) -> None:
    if manifest.farm != rig.farm:
        raise Unbelievable(Why.FARM, "The document is for another farm.")
    if manifest.machine != rig.machine:
        raise Unbelievable(Why.RIG, "The document is for another rig.")
    if (manifest.epoch, manifest.revision) < accepted:
        told = f"Revision {manifest.revision} is older than {accepted.revision}, which was accepted before."
        raise Unbelievable(Why.OLDER, told)
    is_new = (manifest.epoch, manifest.revision) > accepted
    if is_new and now is not None and now > manifest.not_after:
        raise Unbelievable(
            Why.EXPIRED, f"Revision {manifest.revision} had to be accepted earlier; it expired."
        )


def _leading_key(signed: SignedDocument, rig: Rig) -> bytes:
    """The key at the end of the chain that begins at ours; a chain that we are not in changes nothing."""
    key = rig.key
    for each in signed.handovers:
        if _is_signed(key, HANDOVER_PURPOSE, each.handover, each.signature):
            key = _next_key(each, rig)
    return key


def _next_key(signed: SignedHandover, rig: Rig) -> bytes:
    handover = _read(signed.handover, Handover, "the handover of its key")
    if handover.farm != rig.farm:
        raise Unbelievable(Why.FARM, "The document hands over the key of another farm.")
    return handover.key


def _check_signature(key: bytes, purpose: bytes, content: bytes, signature: bytes) -> None:
    if not _is_signed(key, purpose, content, signature):
        told = "The document is not signed by the commander that this rig was enrolled at; it is not run."
        raise Unbelievable(Why.SIGNATURE, told)


def _is_signed(key: bytes, purpose: bytes, content: bytes, signature: bytes) -> bool:
    # 8 MB that an agent needs only once something changes.
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, purpose + content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read(body: bytes, kind: type[T], what: str) -> T:
    if len(body) > MOST_BYTES:
        raise Unbelievable(Why.UNREADABLE, f"Of what was downloaded {what} is too long.")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unbelievable(
            Why.UNREADABLE, f"Of what was downloaded {what} cannot be read: {error}."
        ) from error
