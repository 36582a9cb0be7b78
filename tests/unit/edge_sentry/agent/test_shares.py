"""Shares of all programs by algorithm: a new start takes nothing away and nothing counts twice."""

from __future__ import annotations

from pathlib import Path

from edge_sentry.agent.shares import ShareBook

X = "accepted_shares@x"


def test_a_program_that_starts_anew_takes_nothing_away(tmp_path: Path) -> None:
    book = ShareBook(tmp_path, 0.0)
    assert book.add("a", X, 7, from_zero=True) == 7
    assert book.add("b", X, 5, from_zero=True) == 12
    assert book.add("a", X, 2, from_zero=True) == 14
    assert book.add("a", X, 2, from_zero=True) == 14
    assert book.add("b", X, 6, from_zero=True) == 15
    assert book.add("b", "accepted_shares@y", 1, from_zero=True) == 1


def test_what_somebody_elses_program_had_before_is_not_ours(tmp_path: Path) -> None:
    book = ShareBook(tmp_path, 0.0)
    assert book.add("a", X, 5000, from_zero=False) == 0
    assert book.add("a", X, 5003, from_zero=False) == 3


def test_over_a_restart_of_the_agent_with_an_old_file_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    book = ShareBook(tmp_path, 0.0)
    book.add("a", X, 7, from_zero=True)
    book.save(60.0)
    assert book.add("a", X, 9, from_zero=True) == 9
    book.save(61.0)
    again = ShareBook(tmp_path, 0.0)
    assert again.add("a", X, 11, from_zero=True) == 11


def test_a_disk_that_is_full_is_no_trouble(tmp_path: Path) -> None:
    book = ShareBook(tmp_path / "gone", 0.0)
    book.add("a", X, 7, from_zero=True)
    book.save(60.0)
    assert book.add("a", X, 8, from_zero=True) == 8


def test_names_without_end_do_not_fill_the_memory(tmp_path: Path) -> None:
    book = ShareBook(tmp_path, 0.0)
    for number in range(2000):
        book.add("a", f"{X}{number}", 1, from_zero=True)
    book.save(60.0)
    assert (tmp_path / "shares.json").stat().st_size < 20_000
