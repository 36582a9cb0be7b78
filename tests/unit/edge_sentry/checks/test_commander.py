"""Checks of the way to the commander."""

from __future__ import annotations

import msgspec
import pytest

from edge_sentry.checks import commander
from edge_sentry.checks.finding import Level
from edge_sentry.settings.identity import save_identity
from edge_sentry.settings.status import Status, save_status
from tests.unit.edge_sentry.checks.fakes import NOW, Rig
from tests.unit.edge_sentry.commands.test_status import STATUS
from tests.unit.edge_sentry.settings.test_files import IDENTITY
from wire.uplink.failure import FailureKind, UplinkFailure
from wire.uplink.inquiry import Answer

ASKING = (commander.resolves, commander.tls, commander.answers, commander.clock)


def test_all_is_well(rig: Rig) -> None:
    assert [check(rig.sight()).level for check in ASKING] == [Level.OK] * 4


def test_not_enrolled(rig: Rig) -> None:
    (rig.folder / "identity.json").unlink()
    assert [check(rig.sight()).level for check in ASKING] == [Level.SKIPPED] * 4


@pytest.mark.parametrize(
    ("kind", "levels"),
    [
        (FailureKind.UNREACHABLE, [Level.SKIPPED, Level.BAD, Level.SKIPPED]),
        (FailureKind.TLS_FAILED, [Level.BAD, Level.SKIPPED, Level.SKIPPED]),
        (FailureKind.NOT_A_COMMANDER, [Level.SKIPPED, Level.BAD, Level.SKIPPED]),
    ],
)
def test_a_failure_is_told_once(rig: Rig, kind: FailureKind, levels: list[Level]) -> None:
    rig.eyes.answer = UplinkFailure(kind, "It did not work.")
    assert [check(rig.sight()).level for check in ASKING[1:]] == levels


def test_a_name_without_an_address(rig: Rig) -> None:
    rig.eyes.addresses = OSError("no such name")
    assert commander.resolves(rig.sight()).level is Level.BAD


def test_without_encryption(rig: Rig) -> None:
    rig.eyes.answer = Answer(encrypted=False, offset_s=None)
    save_identity(rig.folder, msgspec.structs.replace(IDENTITY, url="http://127.0.0.1:8080"))
    assert commander.tls(rig.sight()).level is Level.OK
    save_identity(rig.folder, msgspec.structs.replace(IDENTITY, url="http://192.0.2.7"))
    assert commander.tls(rig.sight()).level is Level.WARNING
    assert commander.clock(rig.sight()).level is Level.SKIPPED


@pytest.mark.parametrize(("offset_s", "words"), [(-3600.0, "3,600 s ahead of"), (45.0, "45 s behind")])
def test_a_wrong_clock(rig: Rig, offset_s: float, words: str) -> None:
    rig.eyes.answer = Answer(encrypted=True, offset_s=offset_s)
    found = commander.clock(rig.sight())
    assert (found.level, words in found.text) == (Level.WARNING, True)


@pytest.mark.parametrize(
    ("status", "level"),
    [
        (None, Level.SKIPPED),
        (STATUS, Level.OK),
        (msgspec.structs.replace(STATUS, accepted_at=NOW - 3600), Level.WARNING),
        (msgspec.structs.replace(STATUS, not_accepted=True, failed_at=NOW, failure="Revoked."), Level.BAD),
        (msgspec.structs.replace(STATUS, accepted_at=None), Level.SKIPPED),
        (msgspec.structs.replace(STATUS, accepted_at=None, failed_at=NOW, failure="No way."), Level.SKIPPED),
    ],
)
def test_token(rig: Rig, status: Status | None, level: Level) -> None:
    if status is not None:
        save_status(rig.folder, status)
    assert commander.token(rig.sight()).level is level
