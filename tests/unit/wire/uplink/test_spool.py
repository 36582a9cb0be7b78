"""The file under a backlog through full disks, damage and kill -9."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.unit.wire.uplink.trips import Trip
from wire.uplink.backlog import Backlog
from wire.uplink.blocks import Room
from wire.uplink.spool import RETRY_DISK_S, Spool, Tables

_WRITER = """
import sys
from pathlib import Path
from wire.uplink.backlog import Backlog
from wire.uplink.blocks import Room
from wire.uplink.spool import Spool
backlog = Backlog(Spool(Path(sys.argv[1])))
at_ms = 1_800_000_000_000
while True:
    at_ms += 10_000
    backlog.add(at_ms, {"load_1min": 1.0}, Room(300))
    print(at_ms, flush=True)
"""


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    Backlog(Spool(tmp_path)).begin("m1", 1)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_kill_in_mid_write_loses_no_sample_that_was_kept(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for _ in range(500):
            writer.stdout.readline()
        writer.kill()
        kept = 500 + len(writer.stdout.read().splitlines())
    backlog = Backlog(Spool(tmp_path))
    assert not backlog.spool.lost
    assert kept <= backlog.size().samples <= kept + 1
    assert all(row.samples == 30 for row in backlog.rows()[1:])


def fill(trip: Trip) -> None:
    """The disk takes no page more."""
    pages = trip.backlog.spool.run(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    trip.backlog.spool.run(lambda db: db.execute(f"PRAGMA max_page_count={pages}"))
    trip.backlog.spool.max_pages = pages


def test_a_full_disk_goes_on_in_memory_and_comes_back(tmp_path: Path) -> None:
    trip = Trip(folder=tmp_path)
    trip.sample(60)
    fill(trip)
    trip.sample(3000)
    spool = trip.backlog.spool
    assert spool.trouble is not None
    assert "full" in spool.trouble
    assert trip.backlog.size().samples == 3060
    spool.max_pages = 1_000_000
    trip.moments.advance(RETRY_DISK_S)
    trip.sample()
    assert spool.trouble is None
    trip.restart()
    trip.deliver_all()
    assert trip.arrived() == trip.true_times


def test_the_mark_of_unsaved_reports_is_seen_at_the_next_start(tmp_path: Path) -> None:
    trip = Trip(folder=tmp_path)
    trip.sample(60)
    fill(trip)
    trip.sample(1000)
    assert not Backlog(Spool(tmp_path)).spool.lost
    trip.courier.deliver()
    backlog = Backlog(Spool(tmp_path))
    assert backlog.epoch is None
    assert not backlog.is_new
    backlog.begin("m1", 4)
    assert Backlog(Spool(tmp_path)).epoch == 4


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "spool.sqlite").write_bytes(b"no database at all, but something else" * 100)
        spool = Spool(tmp_path)
        assert spool.lost
        assert (tmp_path / f"spool.damaged-{number}").exists()
        backlog = Backlog(spool)
        assert backlog.epoch is None
        backlog.begin("m1", 2)
        assert backlog.epoch == 2
        spool.close()


def test_damage_in_the_middle_is_found_at_the_start(tmp_path: Path) -> None:
    trip = Trip(folder=tmp_path)
    trip.sample(3000)
    trip.backlog.spool.close()
    path = tmp_path / "spool.sqlite"
    content = bytearray(path.read_bytes())
    content[4096 : len(content)] = bytes(len(content) - 4096)
    path.write_bytes(content)
    assert Spool(tmp_path).lost


def test_a_folder_that_takes_nothing_leaves_memory(tmp_path: Path) -> None:
    (tmp_path / "spool.sqlite").mkdir()
    backlog = Backlog(Spool(tmp_path))
    assert backlog.spool.trouble is not None
    assert backlog.add(1000, {"load_1min": 1.0}, Room(300)) == 1000


def test_it_holds_the_tables_that_it_is_given_and_takes_no_others(tmp_path: Path) -> None:
    """A full disk: they move into memory and back, with all rows."""
    tables = Tables(
        "CREATE TABLE IF NOT EXISTS apple (id INTEGER PRIMARY KEY, sort);", {"apple": ("id", "sort")}
    )
    now = [0.0]
    spool = Spool(tmp_path, tables=tables, steady=lambda: now[0])
    spool.run(lambda db: db.execute("INSERT INTO apple VALUES (1, 'Boskoop')"))
    pages = spool.run(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    spool.run(lambda db: db.execute(f"PRAGMA max_page_count={pages}"))
    spool.max_pages = pages
    more = [(number,) for number in range(2, 500)]
    spool.run(lambda db: db.executemany("INSERT INTO apple VALUES (?, 'Elstar')", more))
    assert spool.trouble is not None
    spool.max_pages = None
    now[0] = 2 * RETRY_DISK_S
    assert spool.run(lambda db: db.execute("SELECT count(*) FROM apple").fetchone()) == (499,)
    assert spool.trouble is None
    spool.close()
    assert not Spool(tmp_path, tables=tables).lost
    (tmp_path / "spool.sqlite").unlink()
    Backlog(Spool(tmp_path)).begin("m1", 1)
    assert Spool(tmp_path, tables=Tables("", {"apple": ("id", "sort")})).lost
