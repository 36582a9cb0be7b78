"""What `doctor` says of everything that can be wrong, and what to do."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from asic_edge import checks
from asic_edge.agent.status import Status, save_status
from asic_edge.checks import Level
from asic_edge.commands.doctor import doctor
from asic_edge.native.frames import NO_LIBRARY
from asic_edge.roster.entries import Words
from asic_edge.roster.matching import admit
from asic_edge.roster.store import changing
from asic_edge.service.unit import Service, text
from asic_edge.settings.identity import Identity, save_identity
from asic_edge.settings.lock import taken
from tests.fakes.asic_roster import sighting
from tests.fakes.commander import TOKEN, FakeCommander, serving

Capture = pytest.CaptureFixture[str]


def program(code: int) -> tuple[str, ...]:
    return sys.executable, "-c", f"raise SystemExit({code})"


def enrolled(folder: Path, url: str) -> None:
    identity = Identity(
        url=url, token=TOKEN, allow_http=False, farm="f", farm_name="Home", agent="a", epoch=1, name="edge"
    )
    save_identity(folder, identity)


def test_a_fresh_folder_is_told_what_to_do(tmp_path: Path, capsys: Capture) -> None:
    assert doctor(tmp_path / "none", as_json=False) == 1
    out = capsys.readouterr().out
    assert "is not there" in out
    assert "-> Begin with: asic-edge enrol" in out
    assert "pyasic-rs loads" in out
    assert "2 bad" in out


def test_one_document_a_line(tmp_path: Path, capsys: Capture) -> None:
    looked_at = (checks.Check("data folder", checks.data_folder), checks.Check("roster", checks.roster))
    assert doctor(tmp_path, as_json=True, checks=looked_at) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["check"] for each in lines] == ["data folder", "roster"]


@pytest.mark.parametrize(
    ("code", "level", "words"),
    [(0, Level.OK, "loads"), (NO_LIBRARY, Level.BAD, "not installed"), (1, Level.BAD, "ends with 1")],
)
def test_the_library(tmp_path: Path, code: int, level: Level, words: str) -> None:
    found = checks.library(tmp_path, program(code))
    assert found.level is level
    assert words in found.text


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    assert checks.library(tmp_path, ("/nowhere/at/all",)).level is Level.BAD


def test_a_token_that_others_can_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    enrolled(tmp_path, "https://127.0.0.1:1")
    assert checks.data_folder(tmp_path).level is Level.OK
    (tmp_path / "identity.json").chmod(0o644)
    found = checks.data_folder(tmp_path)
    assert found.level is Level.BAD
    assert "chmod" in found.advice


def test_the_commander_answers_and_is_not_shown_the_token(tmp_path: Path) -> None:
    with serving(FakeCommander(machine=None)) as commander:
        enrolled(tmp_path, commander.url)
        assert checks.enrolment(tmp_path).text == f"as edge at farm Home, {commander.url}"
        # This one knows POST alone, and says so in another language than a commander's.
        assert "is not a commander" in checks.commander(tmp_path).text
        assert checks.clock(tmp_path).level is Level.SKIPPED
        assert commander.requests == 0


def test_a_commander_that_is_away(tmp_path: Path) -> None:
    enrolled(tmp_path, "http://127.0.0.1:1")
    found = checks.commander(tmp_path)
    assert found.level is Level.BAD
    assert "connection refused" in found.text


def test_devices_that_do_not_answer_are_named(tmp_path: Path) -> None:
    with changing(tmp_path) as roster:
        for number in range(1, 16):
            admit(roster, sighting(f"10.0.0.{number}", number), Words(f"rack-{number}"))

    async def knock(address: str) -> frozenset[int]:
        return frozenset({80}) if address == "10.0.0.3" else frozenset()

    found = checks.devices(tmp_path, knock)
    assert found.level is Level.WARNING
    assert found.text.startswith("14 of 15 do not answer: rack-1 (10.0.0.1), rack-2 (10.0.0.2), rack-4")
    assert found.text.endswith("and 4 more")


def test_a_damaged_roster_hinders_no_other_check(tmp_path: Path) -> None:
    (tmp_path / "roster.json").write_text("{")
    for check in checks.CHECKS[-3:]:
        found = checks.looked(check, tmp_path)
        assert found.level is (Level.OK if check.name == "logins" else Level.BAD)


def written(folder: Path, **told: object) -> None:
    known: dict[str, object] = {"pid": 1, "started_at": 1.0, "written_at": 1.0}
    save_status(folder, Status(**{**known, **told}))  # type: ignore[arg-type]


def test_nothing_runs_or_not_as_a_service(tmp_path: Path) -> None:
    unit = tmp_path / "asic-edge.service"
    assert checks.service(tmp_path, unit).text.startswith("nothing runs on this folder")
    lock = taken(tmp_path)
    try:
        assert checks.service(tmp_path, unit).level is Level.WARNING
        unit.write_text(text(Service(Path("/opt/x/bin/python"), "asic-edge", tmp_path)))
        assert checks.service(tmp_path, unit).level is Level.OK
    finally:
        lock.release()


def test_the_last_report(tmp_path: Path) -> None:
    assert checks.last_report(tmp_path).level is Level.SKIPPED
    written(tmp_path, failure="Cannot reach it.")
    assert checks.last_report(tmp_path).text == "none was accepted yet: Cannot reach it."
    written(tmp_path, accepted_at=time.time() - 5)
    assert checks.last_report(tmp_path).level is Level.OK
    written(tmp_path, accepted_at=time.time() - 500)
    assert checks.last_report(tmp_path).level is Level.WARNING
    written(tmp_path, accepted_at=time.time() - 500, failure="Cannot reach it.")
    assert checks.last_report(tmp_path).level is Level.BAD


def test_the_spool(tmp_path: Path) -> None:
    assert checks.spool(tmp_path).level is Level.SKIPPED
    written(tmp_path, waiting=1200, waiting_bytes=2_000_000)
    assert checks.spool(tmp_path).text == "1,200 blocks (2.0 MB) wait"
    written(tmp_path, dropped=7)
    assert checks.spool(tmp_path).level is Level.WARNING
    written(tmp_path, spool_trouble="not on disk: disk is full")
    assert checks.spool(tmp_path).level is Level.BAD
