"""Samples of many devices on disk: closed evenly, bounded, and none lost by a kill."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from asic_edge.agent.backlog import Backlog
from asic_edge.agent.backlog_tables import OF_AN_EDGE, Sample, slot_of
from wire.uplink.spool import Spool

START_MS = 1_800_000_000_000
_WRITER = """
import sys
from pathlib import Path
from asic_edge.agent.backlog import Backlog
from asic_edge.agent.backlog_tables import OF_AN_EDGE, Sample
from wire.uplink.spool import Spool
backlog = Backlog(Spool(Path(sys.argv[1]), tables=OF_AN_EDGE))
at_ms = 1_800_000_000_000
while True:
    at_ms += 60_000
    backlog.keep([Sample(n, at_ms, {"power_w": 1.0}) for n in (1, 2, 60)], at_ms, undated=False)
    print(at_ms, flush=True)
"""


def backlog_of(folder: Path | None = None, most_bytes: int = 10**9) -> Backlog:
    return Backlog(Spool(folder, tables=OF_AN_EDGE), most_bytes)


def keep(backlog: Backlog, at_ms: int, values: Mapping[int, float], *, undated: bool = False) -> None:
    samples = [Sample(number, at_ms, {"power_w": value}) for number, value in values.items()]
    backlog.keep(samples, at_ms, undated=undated)


def times(backlog: Backlog) -> dict[int, list[float]]:
    """Of all closed samples, by device."""
    found: dict[int, list[float]] = {}
    for each in backlog.closed([row.id for row in backlog.waiting(0, 10_000)]):
        found.setdefault(each.number, []).extend(each.block.at)
    return found


def test_five_minutes_of_a_device_are_a_block() -> None:
    backlog = backlog_of()
    for minute in range(15):
        keep(backlog, START_MS + minute * 60_000, {1: float(minute), 2: 5.0})
    found = times(backlog)
    assert found.keys() == {1, 2}
    assert found[1] == [START_MS / 1000 + minute * 60 for minute in range(len(found[1]))]
    assert len(found[1]) in (10, 15 - 5)


def test_not_all_batches_close_at_once() -> None:
    closing = [
        sum(slot_of(batch, START_MS + at) != slot_of(batch, START_MS + at - 60_000) for batch in range(40))
        for at in range(0, 300_000, 60_000)
    ]
    assert sum(closing) == 40
    assert max(closing) <= 9


def test_silent_devices_close_too() -> None:
    backlog = backlog_of()
    keep(backlog, START_MS, {1: 1.0})
    backlog.keep([], START_MS + 600_000, undated=False)
    assert times(backlog) == {1: [START_MS / 1000]}


def test_two_readings_of_a_round_are_both_kept() -> None:
    backlog = backlog_of()
    samples = [Sample(1, START_MS + later, {"power_w": 1.0}) for later in (0, 10)]
    backlog.keep(samples, START_MS, undated=False)
    backlog.resume()
    assert len(times(backlog)[1]) == 2


def test_times_ascend_though_the_clock_is_set_back() -> None:
    backlog = backlog_of()
    for at_ms in (START_MS, START_MS + 400_000, START_MS + 1000, START_MS + 900_000):
        keep(backlog, at_ms, {1: 1.0})
    backlog.resume()
    found = times(backlog)[1]
    assert found == sorted({*found})
    assert len(found) == 4


def test_what_is_undated_moves_and_nothing_else(tmp_path: Path) -> None:
    backlog = backlog_of(tmp_path)
    keep(backlog, START_MS, {1: 1.0})
    backlog.resume()
    for minute in range(1, 12):
        keep(backlog, START_MS - 10**9 + minute * 60_000, {1: 2.0}, undated=True)
    backlog.shift(10**9)
    backlog.resume()
    assert times(backlog)[1] == [START_MS / 1000 + minute * 60 for minute in range(12)]
    backlog.shift(10**9)
    assert times(backlog)[1][-1] == START_MS / 1000 + 660


def test_the_future_is_dropped_and_counted() -> None:
    backlog = backlog_of()
    backlog.begin(3)
    keep(backlog, START_MS, {1: 1.0})
    keep(backlog, START_MS + 10**8, {1: 1.0, 2: 1.0})
    assert backlog.drop_after(START_MS + 60_000) == 2
    assert backlog.dropped == 2
    backlog.resume()
    assert times(backlog) == {1: [START_MS / 1000]}


@pytest.mark.parametrize("most_bytes", [25_000, 3_000])
def test_it_is_bounded_and_what_is_lost_is_counted(tmp_path: Path, most_bytes: int) -> None:
    """Thinned at first, then dropped; the newest stay whole."""
    backlog = backlog_of(tmp_path, most_bytes)
    backlog.begin(1)
    rounds = 400
    for minute in range(rounds):
        keep(backlog, START_MS + minute * 60_000, {1: 1.0, 2: 2.0, 60: 3.0})
    backlog.resume()
    kept = sum(len(found) for found in times(backlog).values())
    assert backlog.bytes <= most_bytes + 400
    assert backlog.dropped > 0
    assert kept + backlog.dropped == rounds * 3
    assert backlog.blocks == len(backlog.waiting(0, 10_000))


def test_devices_that_are_no_more_are_dropped_and_counted() -> None:
    backlog = backlog_of()
    for minute in range(8):
        keep(backlog, START_MS + minute * 60_000, {1: 1.0, 2: 2.0})
    assert backlog.forget({1}) == 8
    assert backlog.dropped == 8
    backlog.resume()
    assert times(backlog).keys() == {2}


def test_a_kill_in_mid_write_loses_no_round_that_was_kept(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for _ in range(100):
            writer.stdout.readline()
        writer.kill()
        kept = 100 + len(writer.stdout.read().splitlines())
    backlog = backlog_of(tmp_path)
    backlog.resume()
    assert not backlog.spool.lost
    for found in times(backlog).values():
        assert kept <= len(found) <= kept + 1
