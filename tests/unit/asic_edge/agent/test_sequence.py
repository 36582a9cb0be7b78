"""No number is used twice, and a lost file is not guessed at."""

from __future__ import annotations

from pathlib import Path

from asic_edge.agent.sequence import STEP, Sequence


def test_numbers_rise_over_restarts(tmp_path: Path) -> None:
    sequence = Sequence(tmp_path)
    sequence.begin(3)
    assert not sequence.used
    assert [sequence.next() for _ in range(3)] == [0, 1, 2]
    again = Sequence(tmp_path)
    assert (again.epoch, again.used) == (3, True)
    assert again.next() == STEP


def test_what_is_missing_or_damaged_is_not_known(tmp_path: Path) -> None:
    assert Sequence(tmp_path).epoch is None
    for content in (b"", b"3 0\n", b"x" * 42, b"\xff" * 42):
        (tmp_path / "sequence").write_bytes(content)
        assert Sequence(tmp_path).epoch is None


def test_a_new_epoch_begins_at_0(tmp_path: Path) -> None:
    sequence = Sequence(tmp_path)
    sequence.begin(1)
    for _ in range(STEP + 5):
        sequence.next()
    sequence.begin(2)
    assert sequence.next() == 0
