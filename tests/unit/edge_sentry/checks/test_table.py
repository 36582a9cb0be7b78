"""All checks together: on a healthy rig, on a broken one, and when some of them fail or hang."""

from __future__ import annotations

import threading
from pathlib import Path

from msgspec.structs import replace

from edge_sentry.checks.finding import Finding, Level, ok
from edge_sentry.checks.sight import Sight
from edge_sentry.checks.table import CHECKS, Check, run_all
from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.lock import FolderLock
from edge_sentry.settings.status import save_status
from tests.unit.edge_sentry.checks.fakes import Rig
from tests.unit.edge_sentry.commands.test_status import STATUS
from wire.assignments import AssignmentState


def test_names_are_unique_and_fit_their_column() -> None:
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 18


def test_nothing_is_bad_on_a_healthy_rig(rig: Rig) -> None:
    save_status(rig.folder, replace(STATUS, assignment=AssignmentState(1, 1)))
    lock = FolderLock(rig.folder)
    levels = {each.level for each in run_all(CHECKS, rig.sight())}
    lock.release()
    assert levels == {Level.OK, Level.SKIPPED}


def test_an_empty_rig_is_told_line_by_line(tmp_path: Path) -> None:
    findings = run_all(CHECKS, Rig(tmp_path).sight())
    assert len(findings) == len(CHECKS)
    assert not [each for each in findings if "could not be checked" in each.text]
    assert Level.BAD in {each.level for each in findings}


def test_what_is_bad_says_what_to_do(tmp_path: Path) -> None:
    findings = run_all(CHECKS, Rig(tmp_path).sight())
    assert [each.text for each in findings if each.level is Level.BAD and not each.advice] == []


def test_one_that_fails_or_hangs_hinders_no_other(rig: Rig) -> None:
    gate = threading.Event()

    def broken(_: Sight) -> Finding:
        raise ZeroDivisionError("no cards")

    def forbidden(_: Sight) -> Finding:
        raise PermissionError(13, "Permission denied", "/secret")

    def locked(_: Sight) -> Finding:
        raise SettingsError("Cannot open it.")

    def hanging(_: Sight) -> Finding:
        gate.wait(60)
        return ok("late")

    def well(_: Sight) -> Finding:
        return ok("well")

    looks = (hanging, broken, forbidden, locked, well)
    checks = [Check(look.__name__, look) for look in looks]
    findings = run_all(checks, rig.sight(), deadline_s=0.5)
    gate.set()
    assert [each.level for each in findings] == [
        Level.WARNING,
        Level.WARNING,
        Level.SKIPPED,
        Level.SKIPPED,
        Level.OK,
    ]
    assert findings[0].text == "no answer within 0.5 s"
    assert "ZeroDivisionError: no cards" in findings[1].text
    assert "/secret" in findings[2].text
