"""Lines of /proc, those with strange names too."""

from __future__ import annotations

import os

import pytest

from edge_sentry.supervisor import proc
from edge_sentry.supervisor.proc import Stat, parse_stat, with_descendants

LINE = "42 ({name}) S 7 40 39 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 12345 678 99"


@pytest.mark.parametrize("name", ["sh", "a b", "x) R 1 1", "((", ")"])
def test_the_name_may_hold_anything(name: str) -> None:
    assert parse_stat(LINE.format(name=name)) == Stat(42, "S", 7, 40, 39, 987654)


@pytest.mark.parametrize("line", ["", "42 (sh) S 7", "x (sh) " + "1 " * 30])
def test_half_a_line_is_none(line: str) -> None:
    with pytest.raises(ValueError, match=r"not|invalid"):
        parse_stat(line)


def test_one_that_has_ended_does_not_live() -> None:
    assert not parse_stat(LINE.format(name="sh").replace(") S", ") Z")).lives


def test_descendants_of_descendants_are_found() -> None:
    stats = [Stat(pid, "S", parent, 1, 1, 1) for pid, parent in ((2, 1), (3, 2), (4, 3), (5, 1), (6, 5))]
    assert with_descendants({2}, stats) == {2, 3, 4}


@pytest.mark.skipif(not proc.PROC.is_dir(), reason="there is no /proc here")
def test_this_process_lives_and_is_nobody_else() -> None:
    stat = proc.read_stat(os.getpid())
    assert stat is not None
    assert stat.parent == os.getppid()
    assert proc.lives(stat.process)
    assert not proc.lives(stat.process._replace(born=stat.born - 1))
    assert 0 < proc.age_s(stat.process) < 1e6
    assert os.getpid() in {each.pid for each in proc.all_stats()}
