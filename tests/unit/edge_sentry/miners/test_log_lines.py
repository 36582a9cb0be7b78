"""Hashrates out of logs: the newest that is one, by a pattern that no line can make slow."""

from __future__ import annotations

import pytest

from edge_sentry.miners.log_lines import LONGEST_LINE, reading_of
from edge_sentry.miners.normal_form import State


@pytest.mark.parametrize(
    ("line", "words", "hashrate", "unit"),
    [
        ("[12:01:07] Total speed: 61.25 MH/s, accepted 12", "speed", 61.25e6, "H/s"),
        ("GPU0 33 Sol/s GPU1 30 Sol/s Total 63 Sol/s", "total", 63.0, "Sol/s"),
        ("1.5 Kh/s", "", 1500.0, "H/s"),
        ("fan 70% 2.5 g/s", "", 2.5, "g/s"),
        ("speed(10s) is now: 7 H/s", "is now:", 7.0, "H/s"),
    ],
)
def test_lines(line: str, words: str, hashrate: float, unit: str) -> None:
    reading = reading_of("generic", ["begins", line, "accepted"], words, 1.0)
    assert reading is not None
    (row,) = reading.algorithms
    assert (row.name, row.unit) == (None, unit)
    assert row.hashrate == pytest.approx(hashrate)
    assert (row.accepted, reading.devices, reading.state) == (None, (), State.MINING)


@pytest.mark.parametrize(
    "line",
    [
        "61 MHash/s",
        "speed 5 mh/s",
        "v1.2.3",
        "12 kH",
        "1234567890123456 H/s",
        "speed 5 H/second",
        "",
        "1.2.3 H/s",
    ],
)
def test_what_is_none(line: str) -> None:
    assert reading_of("generic", [line], "", 1.0) is None


def test_words_that_are_not_there() -> None:
    assert reading_of("generic", ["pool difficulty 5 kH/s"], "speed", 1.0) is None


def test_the_newest_counts() -> None:
    reading = reading_of("generic", ["1 H/s", "2 H/s", "share accepted"], "", 1.0)
    assert reading is not None
    assert reading.algorithms[0].hashrate == 2.0


def test_owners_words_are_words_and_no_pattern() -> None:
    assert reading_of("generic", ["aaaa 5 H/s"], "(a+)+", 1.0) is None
    assert reading_of("generic", ["(a+)+ 5 H/s"], "(a+)+", 1.0) is not None


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["9", "a", "total", "total" + " " * 39, "1.", "1 ", "total 1 ", "9" * 11 + ".", "0000000 k"]
)
def test_no_line_takes_long(piece: str) -> None:
    """A pattern that goes astray takes hours on one of these; the test's own limit would end it."""
    line = (piece * 500)[: 4 * LONGEST_LINE]
    for words in ("total", ""):
        reading_of("generic", [line] * 60, words, 1.0)
