"""Only what the pinned key signed for this rig is believed, and never anything older."""

from __future__ import annotations

import random

import msgspec
import pytest

from edge_sentry.playbooks.belief import Accepted, Believed, Rig, Unbelievable, Why, believed
from tests.fakes.signed import FARM, MACHINE, NOW, SigningKey, manifest_of, signed
from wire.assignments import (
    ASSIGNMENT_PURPOSE,
    HANDOVER_PURPOSE,
    Archive,
    AssignedPlaybook,
    AssignedPool,
    Document,
    SignedDocument,
    System,
)
from wire.codec import encode

OURS, NEXT, THIRD, STRANGER = (SigningKey(number) for number in (1, 2, 3, 4))
NOTHING = Accepted()
RIG = Rig(FARM, MACHINE, OURS.public)
PLAYBOOK = AssignedPlaybook(
    "cpu",
    1,
    "RandomX",
    "xmrig",
    "6.26.0",
    System.LINUX,
    Archive("https://downloads.example/x.tar.gz", "0" * 64, "tar.gz", "xmrig-6.26.0/xmrig"),
    ("exec ./xmrig -o pool.example:3333\n",),
    (AssignedPool("pool.example:3333", True),),
)
DOCUMENT = Document((PLAYBOOK,))


def judged(
    sent: SignedDocument,
    accepted: Accepted = NOTHING,
    now: float | None = NOW,
) -> Believed:
    return believed(encode(sent), RIG, accepted, now)


def refused(
    sent: SignedDocument,
    accepted: Accepted = NOTHING,
    now: float | None = NOW,
) -> Why:
    with pytest.raises(Unbelievable) as found:
        judged(sent, accepted, now)
    return found.value.why


def test_what_our_commander_signed_for_us_is_believed() -> None:
    found = judged(signed(DOCUMENT, OURS, revision=7))
    assert (found.document, found.manifest.revision, found.key) == (DOCUMENT, 7, OURS.public)


def test_the_same_revision_is_believed_again_and_an_older_one_never() -> None:
    accepted = Accepted(1, 7)
    assert judged(signed(DOCUMENT, OURS, revision=7), accepted).document == DOCUMENT
    assert refused(signed(DOCUMENT, OURS, revision=6), accepted) is Why.OLDER
    assert judged(signed(DOCUMENT, OURS, revision=1, epoch=2), accepted).document == DOCUMENT
    assert refused(signed(DOCUMENT, OURS, revision=9, epoch=1), Accepted(2, 1)) is Why.OLDER


def test_who_signed_and_for_whom() -> None:
    assert refused(signed(DOCUMENT, STRANGER)) is Why.SIGNATURE
    assert refused(signed(DOCUMENT, OURS, machine="machine_2")) is Why.RIG
    assert refused(signed(DOCUMENT, OURS, farm="farm_2")) is Why.FARM


def test_expiry_limits_accepting_and_never_keeping() -> None:
    late = NOW + 86_401
    sent = signed(DOCUMENT, OURS, revision=2)
    assert refused(sent, now=late) is Why.EXPIRED
    assert judged(sent, Accepted(1, 2), late).document == DOCUMENT
    assert judged(sent, now=None).document == DOCUMENT
    assert judged(sent, now=0).document == DOCUMENT


def test_document_manifest_and_offered_key_swapped_together_are_refused_by_the_pin() -> None:
    assert refused(signed(DOCUMENT, STRANGER, (STRANGER.hand_over(STRANGER),))) is Why.SIGNATURE
    assert (
        refused(signed(DOCUMENT, STRANGER, (STRANGER.hand_over(OURS), STRANGER.hand_over(STRANGER))))
        is Why.SIGNATURE
    )


def test_the_pinned_key_leads_to_its_successors() -> None:
    chain = (OURS.hand_over(NEXT), NEXT.hand_over(THIRD))
    assert judged(signed(DOCUMENT, THIRD, chain)).key == THIRD.public
    there = RIG._replace(key=NEXT.public)
    assert believed(encode(signed(DOCUMENT, THIRD, chain)), there, NOTHING, NOW).key == THIRD.public
    assert refused(signed(DOCUMENT, OURS, chain)) is Why.SIGNATURE, "the former key counts no more"
    assert refused(signed(DOCUMENT, STRANGER, (OURS.hand_over(STRANGER, farm="farm_2"),))) is Why.FARM


def test_a_signature_serves_for_one_purpose_alone() -> None:
    """What was signed as a handover is no manifest, and what was signed without a purpose is nothing."""
    content = encode(DOCUMENT)
    manifest = encode(manifest_of(content))
    for purpose in (HANDOVER_PURPOSE, b"", ASSIGNMENT_PURPOSE[:-1]):
        assert refused(SignedDocument(manifest, OURS.sign(purpose + manifest), content)) is Why.SIGNATURE


def test_a_changed_document_is_refused() -> None:
    sent = signed(DOCUMENT, OURS)
    for content in (sent.document + b" ", sent.document.replace(b"3333", b"3334"), b""):
        assert refused(msgspec.structs.replace(sent, document=content)) is Why.CONTENT


def test_any_flipped_bit_is_refused() -> None:
    chance, body = random.Random(7), encode(signed(DOCUMENT, OURS))
    for _ in range(300):
        at, bit = chance.randrange(len(body)), 1 << chance.randrange(8)
        flipped = body[:at] + bytes([body[at] ^ bit]) + body[at + 1 :]
        try:
            found: Believed | None = believed(flipped, RIG, NOTHING, NOW)
        except Unbelievable:
            found = None
        # A bit of the wrapping alone (of base64's padding, of a name that may be left out) changes nothing.
        assert found is None or found.document == DOCUMENT


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[" * 10_000, b"\xff\xfe", b'{"manifest": 3}', b"x" * 3_000_000]
)
def test_what_cannot_be_read_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(Unbelievable, match=r"cannot be read|too long") as found:
        believed(body, RIG, NOTHING, NOW)
    assert found.value.why is Why.UNREADABLE
