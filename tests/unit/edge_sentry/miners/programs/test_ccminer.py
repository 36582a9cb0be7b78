"""Ccminer: milliwatts, decimal buses, a user in the reply about the pool."""

from __future__ import annotations

import msgspec

from edge_sentry.miners.normal_form import Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_text, reasons
from tests.unit.edge_sentry.miners.recordings import BY_FOLDER

ONE = "ccminer-2.3.1"
THREADS, POOL = 1, 2


def test_milliwatts_and_not_watts() -> None:
    assert BY_FOLDER[ONE].read().devices[0].power_w == 183.25
    reading = read_text(ONE, b"POWER=183250", b"POWER=183", THREADS)
    assert reading.devices[0].power_w is None
    assert "devices[0].power_w" in reasons(reading)


def test_buses_are_decimal() -> None:
    assert [device.key for device in BY_FOLDER[ONE].read().devices] == ["0000:0b:00.0", "0000:10:00.0"]


def test_two_threads_on_one_card_are_one_device() -> None:
    reading = read_text(ONE, b"GPU=1;BUS=16", b"GPU=0;BUS=11", THREADS)
    assert [device.hashrates for device in reading.devices] == [(41000500.0,)]


def test_without_the_other_replies_the_summary_is_still_read() -> None:
    recording = BY_FOLDER[ONE]
    reading = recording.read([recording.replies[0], None, None])
    assert (reading.algorithms[0].hashrate, reading.devices) == (41000500.0, ())
    assert reasons(reading) == {
        "algorithms[0].pool": "pool: there was no answer",
        "devices": "threads: there was no answer",
    }


def test_a_share_that_never_was_has_no_age() -> None:
    assert read_text(ONE, b"LAST=17", b"LAST=0", POOL).algorithms[0].pool.last_share_age_s is None


def test_the_user_stays_in_the_reply() -> None:
    reading = read_text(ONE, b"USER=", b"USER=SECRET", POOL)
    assert b"SECRET" not in msgspec.json.encode(reading)


def test_cpuminer_answers_otherwise() -> None:
    other = BY_FOLDER["cpuminer-opt-26.1"]
    assert BY_FOLDER[ONE].read([*other.replies, None]).trouble is Trouble.ANOTHER_PROGRAM
