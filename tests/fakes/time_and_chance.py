"""A clock that stands until it is moved, and randomness that counts."""

from __future__ import annotations

import itertools


class FakeClock:
    """The port `Clock`; `now` is epoch seconds."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class FakeRandomness:
    """The port `Randomness`: unique, and the same in each run."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):06d}"

    def new_secret(self) -> str:
        return f"{next(self._numbers):043d}"
