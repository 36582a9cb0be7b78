"""Figures as people say them."""

from __future__ import annotations

import pytest

from edge_sentry.commands.words import duration, hashrate


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "hashrate not known"),
        (0.0, "0 H/s"),
        (0.5, "0.5 H/s"),
        (1234.0, "1.234 kH/s"),
        (2e14, "200 TH/s"),
    ],
)
def test_hashrates(value: float | None, words: str) -> None:
    assert hashrate(value, "H/s") == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (119, "119 s"), (600, "10 min"), (90_000, "25.0 h")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
