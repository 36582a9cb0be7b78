"""What a simulated rig mines and the power that it takes, with figures as real rigs have them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Literal, NamedTuple

from edge_sentry.simulator.wave import Wave
from wire.messages import Mining

_IDLE_EVERY = 10
_TWOFOLD_EVERY = 12
_UNREAD_EVERY = 20
_METERLESS_EVERY = 6


class _Kind(NamedTuple):
    """The least and the largest rig of its kind: hashes or solutions a second, watts."""

    algorithm: str
    coin: str
    unit: Literal["H/s", "Sol/s"]
    hashrates: tuple[float, float]
    watts: tuple[float, float]


_BY_CPU = _Kind("randomx", "XMR", "H/s", (5e3, 25e3), (90, 250))
_BY_GPU = (
    _Kind("kawpow", "RVN", "H/s", (90e6, 260e6), (600, 1300)),
    _Kind("etchash", "ETC", "H/s", (180e6, 600e6), (450, 1200)),
    _Kind("equihash", "ZEC", "Sol/s", (1.8e3, 5e3), (600, 1400)),
    _Kind("autolykos2", "ERG", "H/s", (500e6, 1.2e9), (400, 1000)),
)


_BY_PROGRAM = {"xmrig": _BY_CPU, "cpuminer-opt": _BY_CPU, "srbminer-multi": _BY_CPU}


class _Job:
    """One algorithm on one rig."""

    def __init__(self, random: Random, kind: _Kind) -> None:
        size = random.random()
        middle = _between(kind.hashrates, size)
        self.kind = kind
        self.watts = _between(kind.watts, size)
        self._hashrate = Wave(random, middle, middle * 0.02)

    def row(self, steady: float, *, read: bool) -> Mining:
        hashrate = float(f"{self._hashrate.at(steady):.5g}") if read else None
        return Mining(self.kind.algorithm, hashrate, self.kind.unit, self.kind.coin)


class Work:
    """Every tenth rig mines nothing, every twelfth by CPU and GPU at once; of every twentieth the hashrate
    is not read, and every sixth has no meter of its own, only its cards have. `gpu_watts` is the cards'.
    """

    def __init__(self, seed: int, index: int) -> None:
        self._seed = f"{seed}:work:{index}"
        random = Random(self._seed)  # noqa: S311 - figures, no secret
        kinds: tuple[_Kind, ...] = (random.choice((_BY_CPU, *_BY_GPU)),)
        if index % _TWOFOLD_EVERY == 7:
            kinds = (random.choice(_BY_GPU), _BY_CPU)
        if index % _IDLE_EVERY == 9:
            kinds = ()
        self._jobs = [_Job(random, kind) for kind in kinds]
        self._read = index % _UNREAD_EVERY != 13
        self._metered = index % _METERLESS_EVERY != 2
        self.gpu_watts = sum(job.watts for job in self._jobs if job.kind is not _BY_CPU)
        watts = random.uniform(40, 90) + sum(job.watts for job in self._jobs) - self.gpu_watts
        self._power = Wave(random, watts, watts * 0.03)

    def mining(self, steady: float, programs: Sequence[str] = ()) -> tuple[Mining, ...]:
        """The rows at a moment of the steady clock; of these programs, where any are assigned."""
        if programs:
            return tuple(self._assigned(program).row(steady, read=True) for program in programs)
        return tuple(job.row(steady, read=self._read) for job in self._jobs)

    def _assigned(self, program: str) -> _Job:
        """What the rig mines anyhow where that fits, else what such a program mines."""
        kind = _BY_PROGRAM.get(program)
        for job in self._jobs:
            if (job.kind is _BY_CPU) is (kind is _BY_CPU):
                return job
        random = Random(f"{self._seed}:{program}")  # noqa: S311 - figures, no secret
        return _Job(random, kind or _BY_GPU[0])

    def power_w(self, steady: float) -> float | None:
        """Watts of all but the cards at a moment of the steady clock; None without a meter."""
        return self._power.at(steady) if self._metered else None


def _between(bounds: tuple[float, float], share: float) -> float:
    least, most = bounds
    return least + share * (most - least)
