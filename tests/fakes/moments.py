"""Both clocks of a machine, moved by hand, and chance that repeats."""

from __future__ import annotations

from random import Random

from wire.uplink.clock import Moment


def seeded(seed: int = 1) -> Random:
    """Chance that is the same in each run."""
    return Random(seed)


class FakeMoments:
    """Call it for now; `advance` moves both clocks, `wall_off_s` is how wrong the wall clock is."""

    def __init__(self, wall_off_s: float = 0.0) -> None:
        self.steady = 5000.0
        self.wall_off_s = wall_off_s

    def __call__(self) -> Moment:
        return Moment(self.true_time() + self.wall_off_s, self.steady)

    def true_time(self) -> float:
        """Epoch seconds as a right clock has them."""
        return 1_800_000_000.0 + self.steady

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self.steady += seconds
