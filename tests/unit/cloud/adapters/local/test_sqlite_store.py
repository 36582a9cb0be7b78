"""What the SQLite store does beyond the contract of all stores."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cloud.adapters.local.sqlite_store import SqliteReader, SqliteStore
from cloud.domain.keys import Key
from cloud.ports import (
    MAX_COMMIT_WRITES,
    Absent,
    Change,
    Delete,
    Item,
    Put,
    StoreFileError,
    StoreUnavailable,
    every,
)
from tests.fakes.time_and_chance import FakeClock


def _item(name: str, *, watched: bool = False, expires_at: int | None = None) -> Item:
    return Item(Key("p", name), "k", b"{}", 1, expires_at, watched)


def test_what_was_answered_is_there_after_a_restart(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "store.sqlite"
    store = SqliteStore(path, clock)
    store.write(Put(_item("a")))
    store.close()
    again = SqliteStore(path, clock)
    assert again.get(Key("p", "a")) == _item("a")
    again.close()


def test_a_reader_sees_what_a_running_store_keeps_and_leaves_it_running(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "store.sqlite"
    store, reader = SqliteStore(path, clock), SqliteReader(path, clock)
    for name in ("a", "b"):
        store.write(Put(_item(name)))
        assert reader.get(Key("p", name)) == _item(name)
    reader.close()
    assert store.write(Put(_item("c")))
    store.close()


def test_closed_store_is_not_available(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite", FakeClock())
    store.get(Key("p", "a"))
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable):
        store.write(Put(_item("a")))
    with pytest.raises(StoreUnavailable):
        store.get(Key("p", "a"))


def test_changes_of_watched_items_are_told_after_the_commit(tmp_path: Path) -> None:
    told: list[Change] = []

    def tell(changes: Sequence[Change]) -> None:
        told.extend(changes)

    store = SqliteStore(tmp_path / "store.sqlite", FakeClock(), tell)
    watched = _item("a", watched=True)
    store.write(Put(_item("silent")))
    store.write(Put(watched))
    store.write(Put(watched, Absent()))
    store.commit([Delete(Key("p", "a")), Delete(Key("p", "silent")), Delete(Key("p", "never"))])
    store.close()
    assert told == [Change(watched), Change(watched, removed=True)]


def test_purging_removes_what_has_expired_and_nothing_else(tmp_path: Path) -> None:
    clock = FakeClock()
    store = SqliteStore(tmp_path / "store.sqlite", clock)
    end = int(clock.now) + 10
    store.commit(
        [Put(_item("old", expires_at=end)), Put(_item("new", expires_at=end + 1)), Put(_item("ever"))]
    )
    clock.advance(10)
    store.purge_expired()
    clock.now = 0
    left = [item.key.sk for item in store.query("p", "!", "~").items]
    store.close()
    assert left == ["ever", "new"]


def _with_expired(tmp_path: Path, count: int) -> tuple[SqliteStore, FakeClock]:
    clock = FakeClock()
    store = SqliteStore(tmp_path / "store.sqlite", clock)
    writes = [Put(_item(f"{number:05d}", expires_at=int(clock.now) + 1)) for number in range(count)]
    for start in range(0, count, MAX_COMMIT_WRITES):
        store.commit(writes[start : start + MAX_COMMIT_WRITES])
    clock.advance(1)
    return store, clock


def _kept(store: SqliteStore, clock: FakeClock) -> int:
    clock.now = 0
    return len(list(every(store, "p", "!", "~")))


def test_purging_keeps_up_with_a_large_farm(tmp_path: Path) -> None:
    store, clock = _with_expired(tmp_path, 10_000)
    store.purge_expired()
    assert _kept(store, clock) == 0
    store.close()


def test_purging_ends_in_time_and_goes_on_with_the_next_round(tmp_path: Path) -> None:
    store, clock = _with_expired(tmp_path, 2500)
    store.purge_expired(limit_s=0)
    expired_at, clock.now = clock.now, 0
    assert len(list(every(store, "p", "!", "~"))) == 1500
    clock.now = expired_at
    store.purge_expired()
    assert _kept(store, clock) == 0
    store.close()


def test_writers_get_in_between_the_rounds_of_a_purge(tmp_path: Path) -> None:
    store, clock = _with_expired(tmp_path, 10_000)
    with ThreadPoolExecutor(1) as pool:
        purge = pool.submit(store.purge_expired)
        written = [store.write(Put(_item("new", watched=True))) for _ in range(3)]
        purge.result()
    assert (written, _kept(store, clock)) == ([True] * 3, 1)
    store.close()


def test_many_threads_write_and_read_their_own(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite", FakeClock())

    def write_and_read(number: int) -> bool:
        item = _item(f"{number:03d}")
        return store.write(Put(item)) and store.get(item.key) == item

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(write_and_read, range(300)))
    assert len(store.query("p", "!", "~").items) == 300
    store.close()


def test_file_that_cannot_serve_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"not a database")
    with pytest.raises(StoreFileError):
        SqliteStore(tmp_path / "store.sqlite", FakeClock())
