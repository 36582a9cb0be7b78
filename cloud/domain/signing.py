"""What is signed for a rig: which bytes, until when they may be accepted, and how a key is handed over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec

from cloud.domain.records import Record
from wire.assignments import (
    ASSIGNMENT_PURPOSE,
    DOCUMENT_MAX_BYTES,
    HANDOVER_PURPOSE,
    HANDOVERS_MAX,
    Document,
    Handover,
    Manifest,
    SignedDocument,
    SignedHandover,
)
from wire.faults import Fault

ACCEPTED_WITHIN_S: Final = 30 * 86_400.0
"""A rig that was away for longer is given a new signature with its first report."""
REVISION_MAX: Final = 2**39
"""Nothing above is believed of what a rig tells, so that revisions can always go on."""


class Signed(NamedTuple):
    """A signature, and the public key (32 bytes) that verifies it."""

    key: bytes
    signature: bytes


class SignedAddress(NamedTuple):
    """An address that opens one document until `until` (epoch s); it belongs in no log."""

    url: str
    until: float


Sign = Callable[[bytes], Signed]


class Handovers(Record, frozen=True):
    """Of a farm, the oldest first; rigs that have missed the last 16 rotations must be enrolled again."""

    signed: tuple[SignedHandover, ...] = ()

    def up_to(self, key: bytes) -> tuple[SignedHandover, ...]:
        """Those that lead to `key`, and no further: whoever follows them must end at the key that signed."""
        keys = [_key_of(each) for each in self.signed]
        return self.signed[: keys.index(key) + 1] if key in keys else ()

    def with_one(self, farm: str, key: bytes, at: float, sign: Sign) -> Handovers:
        """Also to `key`, signed by the present key; the same when it leads there already."""
        if self.up_to(key):
            return self
        handover = msgspec.json.encode(Handover(farm, key, at))
        signature = sign(HANDOVER_PURPOSE + handover).signature
        kept = (*self.signed, SignedHandover(handover, signature))
        return Handovers(kept[-HANDOVERS_MAX:])


class Rig(NamedTuple):
    """Whose a document is, and which one it is."""

    farm: str
    machine: str
    epoch: int
    revision: int


def sealed(rig: Rig, document: Document, now: float, handovers: Handovers, sign: Sign) -> bytes:
    """The signed document as it lies in the store; raises Fault `document_too_large` (409)."""
    content = msgspec.json.encode(document)
    if len(content) > DOCUMENT_MAX_BYTES:
        message = (
            f"The rig's scripts have {len(content):,} bytes; at most {DOCUMENT_MAX_BYTES:,} can be signed."
        )
        raise Fault("document_too_large", message, status=409)
    digest = hashlib.sha256(content).hexdigest()
    manifest = msgspec.json.encode(Manifest(*rig, now + ACCEPTED_WITHIN_S, digest, len(content)))
    key, signature = sign(ASSIGNMENT_PURPOSE + manifest)
    return msgspec.json.encode(SignedDocument(manifest, signature, content, handovers.up_to(key)))


def following(*known: tuple[int, int]) -> tuple[int, int]:
    """The (epoch, revision) above all of these, but for what no commander can have signed."""
    believable: Sequence[tuple[int, int]] = [each for each in known if is_believable(each)]
    epoch, revision = max(believable, default=(1, 0))
    return max(epoch, 1), revision + 1


def is_believable(told: tuple[int, int]) -> bool:
    """Whether a rig can have accepted this (epoch, revision)."""
    return told[0] < 2**21 and told[1] < REVISION_MAX


def _key_of(signed: SignedHandover) -> bytes:
    return msgspec.json.decode(signed.handover, type=Handover).key
