"""Cpuminer: hashes or thousands of them, units in the keys of threads."""

from __future__ import annotations

import pytest

from edge_sentry.miners.normal_form import Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_text, reasons
from tests.unit.edge_sentry.miners.recordings import BY_FOLDER

NEW = "cpuminer-opt-26.1"
OLD = "cpuminer-multi-1.3.7"
THREADS = 1


def test_hashes_before_thousands() -> None:
    assert BY_FOLDER[NEW].read().algorithms[0].hashrate == 1463.62
    assert read_text(NEW, b"HS=1463.62;KHS", b"KHS").algorithms[0].hashrate == 1460.0


@pytest.mark.parametrize(
    ("unit", "hashrate"), [(b"H/s", 73.18), (b"kH/s", 73180.0), (b"MH/s", 73.18e6), (b"GH/s", 73.18e9)]
)
def test_the_unit_is_in_the_key(unit: bytes, hashrate: float) -> None:
    reading = read_text(OLD, b"kH/s", unit, THREADS)
    assert list(reading.devices[0].hashrates) == [hashrate]


@pytest.mark.parametrize("threads", [None, b"", b"bye|", b"CPU=0;parsec/s=1|", b"CPU=0;kH/s=36."])
def test_without_threads_the_processors_make_what_the_program_makes(threads: bytes | None) -> None:
    recording = BY_FOLDER[OLD]
    reading = recording.read([recording.replies[0], threads])
    assert reading.trouble is None
    assert reading.devices[0].hashrates == (73180.0,)


def test_a_temperature_of_zero_is_none() -> None:
    reading = BY_FOLDER[OLD].read()
    assert reading.devices[0].temperature_c is None
    assert "devices[0].temperature_c" in reasons(reading)


def test_what_looks_like_a_number_may_be_a_name() -> None:
    assert read_text(NEW, b"VER=26.1", b"VER=26").version == "26"


def test_ccminer_answers_otherwise() -> None:
    other = BY_FOLDER["ccminer-2.3.1"]
    assert BY_FOLDER[NEW].read(other.replies[:2]).trouble is Trouble.ANOTHER_PROGRAM
