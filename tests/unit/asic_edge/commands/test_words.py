"""Figures as people say them, and nothing that a terminal obeys."""

from __future__ import annotations

import pytest

from asic_edge.commands.console import printable, say
from asic_edge.commands.words import ago, columns, counted, duration, number, rate


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (rate(110.6e12, "H/s"), "110.6 TH/s"),
        (rate(0, "Sol/s"), "0 Sol/s"),
        (rate(None, "H/s"), "not known"),
        (number(3250.4, "W"), "3,250 W"),
        (number(None, "W"), "not known"),
        (duration(119), "119 s"),
        (duration(50_000), "14 h"),
        (duration(200_000), "2 days"),
        (ago(None, 5), "never"),
        (ago(10, 5), "0 s ago"),
        (counted(1, "device"), "1 device"),
        (counted(1780, "row"), "1,780 rows"),
    ],
)
def test_each(told: str, words: str) -> None:
    assert told == words


def test_cells_stand_below_one_another() -> None:
    assert columns([("a", "bbb", ""), ("aaa", "b", "")]) == ["a    bbb", "aaa  b"]


def test_what_a_device_tells_cannot_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb\rc\u202ed\ne")
    assert capsys.readouterr().out == "a[2Jbcde\n"
    assert printable("rack 1 °C") == "rack 1 °C"
