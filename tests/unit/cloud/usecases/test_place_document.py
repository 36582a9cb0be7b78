"""A rig learns where its document lies when it enrols and with each answer to its reports."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain.signing import ACCEPTED_WITHIN_S, REVISION_MAX
from tests.fakes.signed import SigningKey
from tests.fakes.signing import Signing
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.book import wanted_on
from tests.unit.cloud.usecases.news import news
from wire.assignments import AssignmentState, DocumentPlace


@pytest.fixture
def signing(world: World) -> Signing:
    return Signing(world)


class Rig:
    """Reports as often as it is asked to."""

    def __init__(self, world: World, sentry: Sentry) -> None:
        self._world, self._sentry, self._sequence = world, sentry, 0

    def told(self, epoch: int, revision: int) -> DocumentPlace | None:
        """What the answer says to a rig that has accepted this."""
        self._sequence += 1
        sent = news(self._sentry.machine, self._sequence, at=self._world.clock())
        part = replace(sent.machines[0], assignment=AssignmentState(epoch, revision))
        return self._world.report(self._sentry, replace(sent, machines=(part,))).document


@pytest.fixture
def rig(world: World, sentry: Sentry) -> Rig:
    return Rig(world, sentry)


def revision(place: DocumentPlace | None) -> tuple[int, int] | None:
    return (place.epoch, place.revision) if place else None


def test_whoever_enrols_gets_the_key_and_an_empty_document(
    world: World, sentry: Sentry, signing: Signing
) -> None:
    reply = world.enrol(sentry)
    assert reply.key == SigningKey(1).public
    assert revision(reply.document) == (1, 1)
    assert signing.believed(sentry).document.playbooks == ()


def test_whoever_enrols_again_can_accept_what_lies_there(
    world: World, sentry: Sentry, signing: Signing
) -> None:
    world.enrol(sentry)
    world.clock.now += 2 * ACCEPTED_WITHIN_S
    signing.signer.switch()
    reply = world.enrol(sentry)
    assert reply.key is not None
    assert signing.believed(sentry, key=reply.key).manifest.revision == 2


def test_each_answer_says_where_it_lies_and_costs_no_signature(
    world: World, sentry: Sentry, signing: Signing, rig: Rig
) -> None:
    world.enrol(sentry)
    assert [revision(rig.told(1, each)) for each in (0, 1, 1)] == [(1, 1)] * 3
    assert signing.signer.signatures == 1


def test_a_rig_that_enrolled_before_there_was_a_key_gets_its_document(signing: Signing, rig: Rig) -> None:
    assert revision(rig.told(0, 0)) == (1, 1)


def test_after_a_restored_backup_revisions_go_on_above_the_rigs(
    world: World, sentry: Sentry, signing: Signing, rig: Rig
) -> None:
    world.enrol(sentry)
    assert revision(rig.told(1, 40)) == (1, 41)
    assert signing.believed(sentry, (1, 40)).manifest.revision == 41
    assert revision(rig.told(1, 40)) == (1, 41)


def test_what_no_commander_can_have_signed_is_not_followed(
    world: World, sentry: Sentry, signing: Signing, rig: Rig
) -> None:
    world.enrol(sentry)
    assert revision(rig.told(1, REVISION_MAX)) == (1, 1)
    assert signing.signer.signatures == 1


def test_what_soon_cannot_be_accepted_any_more_is_signed_again(
    world: World, sentry: Sentry, signing: Signing, rig: Rig
) -> None:
    world.enrol(sentry)
    world.clock.now += ACCEPTED_WITHIN_S
    assert revision(rig.told(1, 1)) == (1, 1)
    assert revision(rig.told(0, 0)) == (1, 2)
    assert signing.believed(sentry).manifest.revision == 2


def test_what_cannot_be_filled_any_more_keeps_no_rig_from_enrolling(
    world: World, sentry: Sentry, signing: Signing, rig: Rig
) -> None:
    world.enrol(sentry)
    wanted_on(world, sentry, {"gone": 1})
    assert revision(world.enrol(sentry).document) == (1, 1)
    assert revision(rig.told(1, 9)) == (1, 1)


def test_a_commander_that_signs_nothing_says_nothing(world: World, sentry: Sentry, rig: Rig) -> None:
    reply = world.enrol(sentry)
    assert (reply.key, reply.document) == (None, None)
    assert rig.told(1, 1) is None
