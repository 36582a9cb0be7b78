"""What is signed can be believed, and by whoever followed the keys."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.signing import REVISION_MAX, Handovers, Rig, Sign, Signed, following, is_believable, sealed
from edge_sentry.playbooks.belief import Accepted, Unbelievable, believed
from edge_sentry.playbooks.belief import Rig as BelievingRig
from tests.fakes.signed import FARM, MACHINE, NOW, SigningKey
from wire.assignments import HANDOVERS_MAX, Archive, AssignedPlaybook, AssignedPool, Document, System
from wire.faults import Fault

OLD, NEW, NEWEST = SigningKey(1), SigningKey(2), SigningKey(3)


def signing(key: SigningKey) -> Sign:
    return lambda content: Signed(key.public, key.sign(content))


def believe(body: bytes, pinned: SigningKey) -> bytes:
    """The key that is pinned afterwards."""
    return believed(body, BelievingRig(FARM, MACHINE, pinned.public), Accepted(), NOW).key


NO_HANDOVERS = Handovers()


def body_by(key: SigningKey, handovers: Handovers = NO_HANDOVERS) -> bytes:
    return sealed(Rig(FARM, MACHINE, 1, 1), Document(), NOW, handovers, signing(key))


def rotated_twice() -> Handovers:
    once = Handovers().with_one(FARM, NEW.public, NOW, signing(OLD))
    return once.with_one(FARM, NEWEST.public, NOW, signing(NEW))


def test_a_rig_believes_what_its_key_signed_and_nothing_else() -> None:
    assert believe(body_by(OLD), OLD) == OLD.public
    with pytest.raises(Unbelievable):
        believe(body_by(NEW), OLD)


@pytest.mark.parametrize("pinned", [OLD, NEW, NEWEST])
def test_rigs_follow_the_keys_from_wherever_they_are(pinned: SigningKey) -> None:
    assert believe(body_by(NEWEST, rotated_twice()), pinned) == NEWEST.public


def test_while_a_rotation_is_under_way_the_present_key_still_counts() -> None:
    assert believe(body_by(OLD, rotated_twice()), OLD) == OLD.public
    assert believe(body_by(NEW, rotated_twice()), OLD) == NEW.public


def test_a_handover_is_signed_once() -> None:
    once = Handovers().with_one(FARM, NEW.public, NOW, signing(OLD))
    assert once.with_one(FARM, NEW.public, NOW + 9, signing(NEW)) == once


def test_the_oldest_handovers_are_forgotten() -> None:
    handovers = Handovers()
    for number in range(1, HANDOVERS_MAX + 3):
        handovers = handovers.with_one(FARM, SigningKey(number + 1).public, NOW, signing(SigningKey(number)))
    assert len(handovers.signed) == HANDOVERS_MAX
    last = SigningKey(HANDOVERS_MAX + 3)
    assert believe(body_by(last, handovers), SigningKey(3)) == last.public


def test_what_is_too_large_is_not_signed() -> None:
    playbook = AssignedPlaybook(
        "p", 1, "p", "xmrig", "1", System.LINUX, Archive("https://x.test/a", "ab" * 32, "zip", "a"),
        tuple("x" * 32_000 for _ in range(8)), (AssignedPool("pool.test:1"),),
    )  # fmt: skip
    with pytest.raises(Fault, match="at most 1,048,576"):
        sealed(Rig(FARM, MACHINE, 1, 1), Document((playbook,) * 5), NOW, Handovers(), signing(OLD))


def test_a_revision_follows_all_that_are_known() -> None:
    assert following((0, 0)) == (1, 1)
    assert following((1, 4), (0, 0), (1, 9)) == (1, 10)
    assert following((1, 4), (2, 3)) == (2, 4)


def test_what_no_commander_signed_is_not_followed() -> None:
    assert not is_believable((1, REVISION_MAX))
    assert following((1, 4), (1, REVISION_MAX)) == (1, 5)
    assert msgspec.json.decode(msgspec.json.encode(rotated_twice()), type=Handovers) == rotated_twice()
