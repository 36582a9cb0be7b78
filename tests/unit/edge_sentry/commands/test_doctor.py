"""What `edge-sentry doctor` says, and its exit code."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
import pytest

from edge_sentry.__main__ import main
from edge_sentry.checks.finding import Finding, bad, ok, warning
from edge_sentry.checks.sight import Sight
from edge_sentry.checks.table import Check
from edge_sentry.commands.doctor import Report, lines_of, sight_of, told
from tests.unit.edge_sentry.checks.fakes import Rig


def check(name: str, finding: Finding) -> Check:
    def look(_: Sight) -> Finding:
        return finding

    return Check(name, look)


FINE = check("clock", ok("right"))
POOR = check("groups", warning("not in video", "Run: sudo edge-sentry install-service"))
BROKEN = check("sentry", bad("does not run", "Start it."))


def test_a_line_for_each_check_and_what_to_do_below() -> None:
    checks = [FINE, POOR]
    lines = lines_of(checks, [each.look(sight_of(Path("/nowhere"))) for each in checks])
    assert lines == [
        "ok       clock              right",
        "warning  groups             not in video",
        "                            -> Run: sudo edge-sentry install-service",
        "1 ok, 1 warning.",
    ]


def test_exit_code_is_1_only_when_something_is_bad(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sight = Rig(tmp_path).sight()
    assert told(sight, [FINE, POOR], as_json=False) == 0
    assert told(sight, [FINE, BROKEN, POOR], as_json=False) == 1
    assert "1 ok, 1 warning, 1 bad." in capsys.readouterr().out


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(Rig(tmp_path).sight(), [FINE, BROKEN], as_json=True) == 1
    report = msgspec.json.decode(capsys.readouterr().out, type=Report)
    assert (report.good, [row.check for row in report.rows]) == (False, ["clock", "sentry"])
    assert report.rows[1].advice == "Start it."


def test_advice_can_be_typed_where_sudo_does_not_find_us(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(Rig(tmp_path).sight(program="/srv/bin/edge-sentry"), [POOR], as_json=False)
    assert "Run: sudo /srv/bin/edge-sentry install-service" in capsys.readouterr().out


def test_on_this_very_computer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody has enrolled here; nothing else is presumed of it."""
    assert main(["doctor", "--json", "--data", str(tmp_path)]) == 1
    report = msgspec.json.decode(capsys.readouterr().out, type=Report)
    rows = {row.check: row for row in report.rows}
    assert rows["enrolment"].level == "bad"
    assert rows["program"].level == "ok"
    assert "could not be checked" not in " ".join(row.text for row in report.rows)
    assert list(tmp_path.iterdir()) == [], "it changes nothing"


def test_it_silences_nobody_for_longer_than_it_takes(tmp_path: Path) -> None:
    main(["doctor", "--data", str(tmp_path)])
    assert logging.getLogger("anybody").isEnabledFor(logging.WARNING)


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["doctor", "--help"])
    assert "sudo edge-sentry doctor" in capsys.readouterr().out
