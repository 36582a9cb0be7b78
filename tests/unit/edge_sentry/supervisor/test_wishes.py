"""The owner's wishes: kept, and pauses that no clock decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.supervisor.wishes import Want, Wish, WishBook, counted_down


def test_nobody_having_said_anything_it_runs(tmp_path: Path) -> None:
    assert WishBook(tmp_path).of("gpu") == Wish(Want.RUN)


def test_a_wish_survives(tmp_path: Path) -> None:
    book = WishBook(tmp_path)
    book.put("gpu", Wish(Want.STOP, take_over=True))
    book.save()
    assert WishBook(tmp_path).of("gpu") == Wish(Want.STOP, take_over=True)


@pytest.mark.parametrize("content", [b"", b"{", b'{"gpu": 3}'])
def test_a_damaged_file_is_no_wish(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wishes.json").write_bytes(content)
    assert WishBook(tmp_path).of("gpu") == Wish()


def test_a_pause_counts_down_and_then_starts_at_once() -> None:
    wish = counted_down(Wish(Want.PAUSE, 100.0), 40.0)
    assert wish == Wish(Want.PAUSE, 60.0)
    assert counted_down(wish, 60.0) == Wish(Want.RUN, None, afresh=True)


@pytest.mark.parametrize("wish", [Wish(), Wish(Want.STOP), Wish(Want.PAUSE)])
def test_others_have_no_end(wish: Wish) -> None:
    assert counted_down(wish, 1e9) == wish


def test_what_is_left_of_a_pause_is_written_each_minute(tmp_path: Path) -> None:
    book = WishBook(tmp_path)
    book.put("gpu", Wish(Want.PAUSE, 1000.0))
    book.save()
    for second in range(1, 131):
        assert book.pass_time(1.0, 1000.0 + second) == []
        book.save()
    left_s = WishBook(tmp_path).of("gpu").pause_left_s
    assert left_s is not None
    assert 870 <= left_s <= 930


def test_those_of_playbooks_that_are_gone_go_too(tmp_path: Path) -> None:
    book = WishBook(tmp_path)
    book.put("gone", Wish(Want.STOP))
    book.put("kept", Wish(Want.STOP))
    book.keep_only({"kept"})
    book.save()
    again = WishBook(tmp_path)
    assert (again.of("gone"), again.of("kept")) == (Wish(), Wish(Want.STOP))
