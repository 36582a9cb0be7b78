"""The one thread that writes: groups, failures, a full disk, the end."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest

from cloud.adapters.local.sqlite_file import open_reader, open_writer
from cloud.adapters.local.sqlite_writer import Changes, Job, SqliteWriter, _Order
from cloud.domain.keys import Key
from cloud.ports import Change, Item, StoreUnavailable

WAIT_S = 10
INSERT = "INSERT INTO items VALUES ('p', ?, 'k', ?, 1, NULL, ?)"


class _Bench:
    """A writer on a real file; `told` are the batches of changes that it announced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = open_writer(path)
        self.told: list[list[str]] = []
        self.writer = SqliteWriter(self.connection, self._tell)

    def _tell(self, changes: Sequence[Change]) -> None:
        self.told.append([change.item.key.sk for change in changes])

    def names(self) -> list[str]:
        """The keys that are on disk, as another connection sees them."""
        with closing(open_reader(self.path)) as reader:
            return [sk for (sk,) in reader.execute("SELECT sk FROM items ORDER BY sk")]

    def group(self, *jobs: Job) -> list[bool | BaseException]:
        """What each job comes to when all wait together.

        The first order holds the writer until the others are in its queue; so they form one group.
        """
        begun, release = threading.Event(), threading.Event()

        def hold(_: sqlite3.Connection, __: Changes) -> bool:
            begun.set()
            return release.wait(WAIT_S)

        orders = [_Order(job) for job in jobs]
        self.writer._orders.put(_Order(hold))
        assert begun.wait(WAIT_S)
        for order in orders:
            self.writer._orders.put(order)
        release.set()
        return [order.answer.exception(WAIT_S) or order.answer.result() for order in orders]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[_Bench]:
    made = _Bench(tmp_path / "store.sqlite")
    yield made
    made.writer.close()


def _insert(name: str, *, kept: bool = True, size: int = 2, watched: bool = True) -> Job:
    def job(connection: sqlite3.Connection, changes: Changes) -> bool:
        connection.execute(INSERT, (name, b"x" * size, watched))
        changes.append(Change(Item(Key("p", name), "k", b"", watched=watched)))
        return kept

    return job


def _after_insert(name: str, error: Exception) -> Job:
    """Writes, then fails."""

    def job(connection: sqlite3.Connection, changes: Changes) -> bool:
        _insert(name)(connection, changes)
        raise error

    return job


def test_answered_means_on_disk_and_told_of(bench: _Bench) -> None:
    assert bench.writer.carry_out(_insert("a")) is True
    assert bench.names() == ["a"]
    bench.writer.close()
    assert bench.told == [["a"]]


def test_job_that_takes_its_changes_back_leaves_nothing(bench: _Bench) -> None:
    assert bench.writer.carry_out(_insert("a", kept=False)) is False
    assert bench.names() == []
    bench.writer.close()
    assert bench.told == []


def test_only_watched_changes_are_told_of(bench: _Bench) -> None:
    bench.writer.carry_out(_insert("silent", watched=False))
    bench.writer.carry_out(_insert("watched"))
    bench.writer.close()
    assert bench.told == [["watched"]]


def test_group_is_committed_together_and_told_of_in_order(bench: _Bench) -> None:
    assert bench.group(*(_insert(str(number)) for number in range(5))) == [True] * 5
    assert bench.names() == ["0", "1", "2", "3", "4"]
    bench.writer.close()
    assert bench.told == [["0", "1", "2", "3", "4"]]


def test_job_that_takes_its_changes_back_does_not_touch_its_group(bench: _Bench) -> None:
    assert bench.group(_insert("a"), _insert("b", kept=False), _insert("c")) == [True, False, True]
    assert bench.names() == ["a", "c"]
    bench.writer.close()
    assert bench.told == [["a", "c"]]


def test_more_than_a_group_is_all_carried_out(bench: _Bench) -> None:
    assert bench.group(*(_insert(f"{number:03d}") for number in range(450))) == [True] * 450
    assert len(bench.names()) == 450


def test_job_that_sqlite_refuses_does_not_poison_its_group(bench: _Bench) -> None:
    """The second breaks the table's primary key."""
    outcomes = bench.group(_insert("a"), _insert("a"), _insert("c"))
    assert isinstance(outcomes[1], StoreUnavailable)
    assert (outcomes[0], outcomes[2]) == (True, True)
    assert bench.names() == ["a", "c"]


def test_group_of_a_refused_job_is_answered_and_nothing_is_half_written(bench: _Bench) -> None:
    refused = _after_insert("b", sqlite3.IntegrityError("no"))
    outcomes = bench.group(_insert("a"), refused, _insert("c"))
    said_yes = [name for name, outcome in zip("abc", outcomes, strict=True) if outcome is True]
    assert bench.names() == said_yes
    assert bench.writer.carry_out(_insert("later")) is True


def _outcome_in_time(writer: SqliteWriter, job: Job) -> object:
    """The answer or the error; "no answer" instead of waiting for ever."""
    outcome: Future[object] = Future()

    def run() -> None:
        try:
            outcome.set_result(writer.carry_out(job))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test compares it
            outcome.set_result(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(2)
    return outcome.result(0) if outcome.done() else "no answer"


@pytest.mark.parametrize("error", [OverflowError("int too large"), ValueError("a fault of ours")])
def test_job_with_a_fault_of_ours_is_answered_and_the_writer_lives(bench: _Bench, error: Exception) -> None:
    """Else every later write of the whole commander would wait for ever."""
    first = _outcome_in_time(bench.writer, _after_insert("a", error))
    second = _outcome_in_time(bench.writer, _insert("b"))
    assert isinstance(first, Exception)
    assert second is True
    assert bench.names() == ["b"]


def test_closed_writer_refuses_and_may_be_closed_again(bench: _Bench) -> None:
    bench.writer.carry_out(_insert("a"))
    bench.writer.close()
    bench.writer.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        bench.writer.carry_out(_insert("b"))
    assert bench.names() == ["a"]


def test_closing_finishes_what_was_ordered(bench: _Bench) -> None:
    orders = [_Order(_insert(f"{number:02d}")) for number in range(50)]
    for order in orders:
        bench.writer._orders.put(order)
    bench.writer.close()
    assert [order.answer.result(0) for order in orders] == [True] * 50
    assert len(bench.names()) == 50


def _fill_disk(bench: _Bench) -> None:
    """No page more than the file has now."""
    (pages,) = bench.connection.execute("PRAGMA page_count").fetchone()
    bench.connection.execute(f"PRAGMA max_page_count={pages}")


def test_full_disk_refuses_and_writes_no_half(bench: _Bench) -> None:
    bench.writer.carry_out(_insert("before"))
    _fill_disk(bench)

    def two(connection: sqlite3.Connection, changes: Changes) -> bool:
        return _insert("small")(connection, changes) and _insert("large", size=100_000)(connection, changes)

    with pytest.raises(StoreUnavailable, match="full"):
        bench.writer.carry_out(two)
    assert bench.names() == ["before"]
    bench.writer.close()
    assert bench.told == [["before"]]


def test_group_on_a_full_disk_keeps_exactly_what_it_answers_for(bench: _Bench) -> None:
    _fill_disk(bench)
    outcomes = bench.group(_insert("a"), _insert("b", size=100_000), _insert("c"))
    assert isinstance(outcomes[1], StoreUnavailable)
    said_yes = [name for name, outcome in zip("abc", outcomes, strict=True) if outcome is True]
    assert bench.names() == said_yes


def test_writer_goes_on_when_the_disk_has_room_again(bench: _Bench) -> None:
    _fill_disk(bench)
    with pytest.raises(StoreUnavailable):
        bench.writer.carry_out(_insert("large", size=100_000))
    bench.connection.execute("PRAGMA max_page_count=1000000")
    assert bench.writer.carry_out(_insert("large", size=100_000)) is True
    assert bench.names() == ["large"]
