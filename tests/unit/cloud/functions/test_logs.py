"""Lines of JSON without what was sent to us."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from cloud.functions.logs import JsonLines, write_json_lines
from cloud.ports import StoreUnavailable

log = logging.getLogger("cloud.somewhere")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _failing(error: Exception) -> None:
    write_json_lines()
    try:
        raise error
    except type(error):
        log.exception("message %s was not stored", "m1")


def test_a_warning_is_one_line_and_less_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    write_json_lines()
    log.info("not this")
    log.warning("first line\nsecond line of %s", "one")
    (line,) = _lines(capsys)
    told = (line["level"], line["logger"], line["message"])
    assert told == ("WARNING", "cloud.somewhere", "first line\nsecond line of one")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["timestamp"])


def test_an_error_tells_its_type_and_place_but_not_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    _failing(ValueError("a secret that stood in the body"))
    (line,) = _lines(capsys)
    assert (line["message"], line["error"], line["reason"]) == ("message m1 was not stored", "ValueError", "")
    assert line["at"][-1].endswith(" _failing")
    assert "secret" not in json.dumps(line)


def test_the_stores_own_words_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    _failing(StoreUnavailable("AccessDeniedException on table rig"))
    (line,) = _lines(capsys)
    assert (line["error"], line["reason"]) == ("StoreUnavailable", "AccessDeniedException on table rig")


def test_what_lambda_had_set_up_goes(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().addHandler(logging.StreamHandler(sys.stdout))
    write_json_lines()
    log.error("once")
    assert len(_lines(capsys)) == 1


def test_a_record_without_an_error_has_no_place() -> None:
    record = logging.LogRecord("name", logging.ERROR, "file.py", 1, "text", None, None)
    record.created = 1_800_000_000.25
    assert json.loads(JsonLines().format(record)) == {
        "timestamp": "2027-01-15T08:00:00.250Z",
        "level": "ERROR",
        "logger": "name",
        "message": "text",
    }
