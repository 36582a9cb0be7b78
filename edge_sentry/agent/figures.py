"""Turns what is known of the mining programs into what a sample and a report say of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from edge_sentry.miners.assembly import total
from edge_sentry.miners.normal_form import Algorithm, MinerReading
from wire.messages import HashrateUnit, Mining, Program, series_name
from wire.metrics import BY_NAME, misreading, to_step

# Older than that it is not a figure any more.
FRESH_S = 30.0
UNKNOWN = "unknown"
_MOST_ALGORITHMS = 8
_LONGEST_NAME = 40
# More digits no program measures and every store pays for.
_DIGITS = 6
_FOREIGN = re.compile(r"[^A-Za-z0-9_.+/-]")

AddShares = Callable[[str, str, int, bool], int]
"""Given program, series, what it tells, and whether it is ours: the total of all programs."""


class Sight(NamedTuple):
    """One program at one moment. `reading`: its newest one with figures, `age_s` old.

    `program` is without what only a reading tells. `hashes`: a process runs that the figures may be of.
    """

    program: Program
    hashes: bool = False
    reading: MinerReading | None = None
    age_s: float = 0.0

    @property
    def fresh(self) -> bool:
        """Whether what it tells are figures of now."""
        reading = self.reading
        return self.hashes and reading is not None and self.age_s + (reading.figures_age_s or 0.0) <= FRESH_S


class Mined(NamedTuple):
    """All that is mined of one algorithm, a hashrate for each program that mines it."""

    name: str
    unit: HashrateUnit
    hashrates: list[float | None]


def rows_of(sights: Iterable[Sight]) -> tuple[Mining, ...]:
    """A row for each algorithm; its hashrate is not known where that of one program is not."""
    return tuple(Mining(each.name, _rounded(total(each.hashrates)), each.unit) for each in _mined(sights))


def values_of(sights: Iterable[Sight], cards: Mapping[str, str], add_shares: AddShares) -> dict[str, float]:
    """Figures by series name; `cards` are the ids of the rig's by PCI address."""
    seen = tuple(sights)
    fresh = tuple(each for each in seen if each.fresh)
    found = {series_name("hashrate", row.algorithm): row.hashrate for row in rows_of(seen)}
    found.update(_of_cards(fresh, cards))
    known = {name: value for name, value in found.items() if value is not None}
    return _believed({**known, **_shares(fresh, add_shares)})


def program_of(sight: Sight) -> Program:
    """As the wire has it: with counters and pool as far as they are told."""
    reading, program = sight.reading, sight.program
    if reading is None or not sight.hashes:
        return program
    algorithms = reading.algorithms
    connected = {each.pool.connected for each in algorithms} - {None}
    return Program(
        program=program.program,
        miner=program.miner,
        state=program.state,
        managed=program.managed,
        reason=program.reason,
        running_s=program.running_s if program.managed else reading.uptime_s,
        version=reading.version,
        accepted=_count(each.accepted for each in algorithms) if sight.fresh else None,
        rejected=_count(each.rejected for each in algorithms) if sight.fresh else None,
        pool=next((each.pool.address for each in algorithms if each.pool.address), None),
        pool_connected=False not in connected if connected and sight.fresh else None,
    )


def subject_of(algorithm: Algorithm) -> str:
    """Its name as a series may have it."""
    return _FOREIGN.sub("_", algorithm.name or UNKNOWN)[:_LONGEST_NAME]


def _mined(sights: Iterable[Sight]) -> list[Mined]:
    """Of two units of one algorithm the first counts: they cannot be added."""
    found: dict[str, Mined] = {}
    for sight in sights:
        for algorithm in sight.reading.algorithms if sight.reading and sight.hashes else ():
            name = subject_of(algorithm)
            mined = found.setdefault(name, Mined(name, algorithm.unit, []))
            if mined.unit == algorithm.unit:
                mined.hashrates.append(algorithm.hashrate if sight.fresh else None)
    return list(found.values())[:_MOST_ALGORITHMS]


def _of_cards(sights: Iterable[Sight], cards: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Of the first algorithm. Where two programs name a card, the one that mines on it counts."""
    found: dict[str, float] = {}
    for sight in sights:
        for device in sight.reading.devices if sight.reading else ():
            card = cards.get(device.key or "")
            rate = device.hashrates[0] if device.hashrates else None
            if card is not None and rate is not None:
                found[card] = found.get(card) or rate
    return ((series_name("gpu_hashrate", card), float(_rounded(rate) or 0)) for card, rate in found.items())


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else float(f"{rate:.{_DIGITS}g}")


def _shares(sights: Iterable[Sight], add: AddShares) -> dict[str, float]:
    found: dict[str, float] = {}
    for sight in sights:
        for algorithm in sight.reading.algorithms if sight.reading else ():
            told = {"accepted_shares": algorithm.accepted, "rejected_shares": algorithm.rejected}
            for metric, count in told.items():
                if count is not None:
                    series = series_name(metric, subject_of(algorithm))
                    found[series] = add(sight.program.program, series, count, sight.program.managed)
    return found


def _believed(values: Mapping[str, float]) -> dict[str, float]:
    """Those that can be true, to their metrics' steps."""
    metrics = {name: BY_NAME[name.partition("@")[0]] for name in values}
    return {
        name: float(to_step(metrics[name], value))
        for name, value in values.items()
        if misreading(metrics[name], value) is None
    }


def _count(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
