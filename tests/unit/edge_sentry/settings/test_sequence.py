"""No number is ever handed out twice, however often the process is killed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.sequence import STEP, Sequence, start_sequence


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(0, 2 * STEP + 1), max_size=5))
def test_no_number_comes_twice_although_the_process_dies(tmp_path: Path, lives: list[int]) -> None:
    start_sequence(tmp_path)
    numbers: list[int] = []
    for length in lives:
        sequence = Sequence(tmp_path)  # the former one is forgotten as by a kill -9
        numbers += [sequence.next() for _ in range(length)]
    assert numbers == sorted(set(numbers))


def test_it_begins_at_zero_and_reserves_ahead(tmp_path: Path) -> None:
    start_sequence(tmp_path)
    sequence = Sequence(tmp_path)
    assert [sequence.next() for _ in range(3)] == [0, 1, 2]
    assert int((tmp_path / "sequence").read_text()) == STEP
    assert Sequence(tmp_path).next() == STEP


@pytest.mark.parametrize("content", [b"", b"12", b"x" * 21, b"-0000000000000000001\n", bytes(21)])
def test_a_damaged_file_is_not_guessed_at(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sequence").write_bytes(content)
    with pytest.raises(SettingsError, match="damaged"):
        Sequence(tmp_path)


def test_a_missing_file_is_not_guessed_at(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Enrol this machine again"):
        Sequence(tmp_path)


def test_no_number_is_given_that_could_not_be_reserved(tmp_path: Path) -> None:
    start_sequence(tmp_path)
    sequence = Sequence(tmp_path)
    (tmp_path / "sequence").unlink()
    with pytest.raises(OSError, match="sequence"):
        sequence.next()
