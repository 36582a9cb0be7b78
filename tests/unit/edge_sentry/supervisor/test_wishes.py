"""The owner's wishes: kept, and pauses that no clock decides."""

from __future__ import annotations

from collections.abc import Callable
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


def test_one_that_is_damaged_loses_no_other(tmp_path: Path) -> None:
    (tmp_path / "wishes.json").write_text('{"cpu":{"want":"stop"},"other":{"want":"hibernate"}}')
    book = WishBook(tmp_path)
    assert book.of("cpu") == Wish(Want.STOP)
    assert (book.lost("cpu"), book.lost("other")) == (False, True)


@pytest.mark.parametrize("left_s", ["-1", "1e300"])
def test_a_pause_that_cannot_be_is_lost(tmp_path: Path, left_s: str) -> None:
    (tmp_path / "wishes.json").write_text(f'{{"gpu":{{"want":"pause","pause_left_s":{left_s}}}}}')
    assert WishBook(tmp_path).lost("gpu")


def test_on_a_full_disk_a_wish_is_written_in_place(
    tmp_path: Path, no_new_wishes_file: Callable[[Path], None]
) -> None:
    book = WishBook(tmp_path)
    book.put("gpu", Wish(Want.STOP, take_over=True))
    book.save()
    no_new_wishes_file(tmp_path)
    book.put("gpu", Wish(Want.RUN))
    book.save()
    assert not book.unsaved
    assert WishBook(tmp_path).of("gpu") == Wish(Want.RUN)


def test_without_room_for_it_it_is_known_to_be_unsaved(
    tmp_path: Path, no_new_wishes_file: Callable[[Path], None]
) -> None:
    no_new_wishes_file(tmp_path)
    book = WishBook(tmp_path)
    book.put("gpu", Wish(Want.STOP))
    with pytest.raises(OSError, match="directory"):
        book.save()
    assert book.unsaved
    assert book.of("gpu") == Wish(Want.STOP)


def test_room_is_made_before_it_is_needed(tmp_path: Path) -> None:
    book = WishBook(tmp_path)
    book.save()
    assert (tmp_path / "wishes.json").stat().st_size == 8192
    assert not WishBook(tmp_path).unsaved
