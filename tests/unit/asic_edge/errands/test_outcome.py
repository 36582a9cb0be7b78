"""Results say what needs a look first, and never too much."""

from __future__ import annotations

import msgspec

from asic_edge.errands.outcome import LINES_BYTES_MAX, SENTENCE_MAX, Ended, cut, line, result_of, within_bytes
from wire.edge import ERRAND_LINES_MAX, ErrandLine, ErrandResult


def test_faults_and_questions_come_first_and_what_is_unchanged_is_counted() -> None:
    lines = [
        line(str(number), fate, "so")
        for number, fate in enumerate(("added", "unchanged", "fault", "changed", "asked", "unchanged"))
    ]
    result = result_of(7, Ended("Done.", lines))
    assert [each.of for each in result.lines] == ["2", "4", "0", "3"]
    assert result.counts == {"added": 1, "unchanged": 2, "fault": 1, "changed": 1, "asked": 1}
    assert (result.number, result.ok, result.text) == (7, True, "Done.")


def test_more_lines_than_may_be_told_are_counted_in_words() -> None:
    few = [line(str(number), "added", "so") for number in range(ERRAND_LINES_MAX + 5)]
    assert result_of(1, Ended("Done.", few)).text == "Done. And 5 more lines, not shown."
    long = [line(str(number), "added", "x" * SENTENCE_MAX) for number in range(ERRAND_LINES_MAX)]
    result = result_of(1, Ended("Done.", long))
    assert 500 < len(result.lines) < ERRAND_LINES_MAX
    assert f"And {ERRAND_LINES_MAX - len(result.lines):,} more lines" in result.text
    encoded = msgspec.json.encode(result)
    assert len(encoded) < LINES_BYTES_MAX + 1000
    assert msgspec.json.decode(encoded, type=ErrandResult) == result


def test_what_devices_and_people_write_is_made_fit() -> None:
    made = line("o" * 100, "fault", "a\x1b[31m\u202eb" + "x" * 400)
    assert msgspec.convert(msgspec.to_builtins(made), ErrandLine) == made
    assert made.text.startswith("a[31mbx")
    assert cut("x" * 301) == "x" * 299 + "…"


def test_how_many_fit() -> None:
    one = line("1", "added", "so")
    size = len(msgspec.json.encode(one)) + 1
    assert [within_bytes([one] * 3, size * fit) for fit in range(5)] == [0, 1, 2, 3, 3]
