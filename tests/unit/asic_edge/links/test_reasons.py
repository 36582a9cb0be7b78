"""What the system says, in words."""

from __future__ import annotations

import errno

import pytest

from asic_edge.links.reasons import refused


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ECONNREFUSED, "refuses connections on port 80"),
        (errno.EHOSTUNREACH, "no device at this address"),
        (errno.ENETUNREACH, "no route to this network"),
        (errno.EMFILE, "was not asked: this program has too many files open"),
        (errno.EACCES, "cannot be asked on port 80"),
    ],
)
def test_words(number: int, words: str) -> None:
    assert words in str(refused(OSError(number, "system's words"), 80))


def test_a_reset_without_a_number_is_one() -> None:
    assert "broke the connection off" in str(refused(ConnectionResetError("Connection lost"), 80))
