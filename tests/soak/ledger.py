"""Holds what agents say was acknowledged against what the public API gives back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from wire.messages import split_series_name
from wire.metrics import BY_NAME, RollUp

HOUR_S = 3600

Samples = dict[tuple[float, str], float]
"""Time and metric to value, of one machine."""


@dataclass
class Verdict:
    """What was compared and what was wrong."""

    acknowledged: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.missing or self.changed or self.doubled or self.unknown)


def read_ledger(path: Path) -> dict[str, Samples]:
    """The lines `<machine> <time> <metric> <value>`, by machine. A last line cut short is left out."""
    found: dict[str, Samples] = defaultdict(dict)
    for line in path.read_text().split("\n")[:-1]:
        machine, at, metric, value = line.split(" ")
        found[machine][(float(at), metric)] = float(value)
    return found


def compare(client: httpx.Client, ledger: dict[str, Samples]) -> Verdict:
    """Every acknowledged sample must be in the history, once and unchanged, and nothing else but a tail.

    Counters are given as rates, so that of them only the times are held against each other.
    """
    verdict = Verdict()
    for machine, samples in ledger.items():
        times = [at for at, _ in samples]
        stored, stored_times = _stored(verdict, client, machine, min(times), max(times))
        verdict.acknowledged += len(samples)
        _compare_values(verdict, machine, samples, stored, stored_times)
        _compare_times(verdict, machine, samples, stored_times)
    return verdict


def _compare_values(
    verdict: Verdict, machine: str, samples: Samples, stored: Samples, stored_times: set[float]
) -> None:
    for (at, metric), value in samples.items():
        label = f"{machine} {at:.3f} {metric}"
        if BY_NAME[split_series_name(metric)[0]].roll_up is RollUp.INCREASE:
            if at not in stored_times:
                verdict.missing.append(label)
        elif (at, metric) not in stored:
            verdict.missing.append(label)
        elif stored[at, metric] != value:
            verdict.changed.append(f"{label}: {value} came back as {stored[at, metric]}")


def _compare_times(verdict: Verdict, machine: str, samples: Samples, stored_times: set[float]) -> None:
    """A sample that was stored a second time under another time is unknown to the ledger."""
    known = {at for at, _ in samples}
    ordered = sorted(stored_times)
    # Stored, but the acknowledgement was on its way when the agent ended: only ever the newest.
    verdict.unknown += [f"{machine} {at:.3f}" for at in ordered if at not in known and at < max(known)]


def _stored(
    verdict: Verdict, client: httpx.Client, machine: str, first: float, last: float
) -> tuple[Samples, set[float]]:
    samples: Samples = {}
    times: set[float] = set()
    for history in _pages(client, machine, first, last):
        at = history["at"]
        repeated = [later for earlier, later in pairwise(at) if later <= earlier]
        verdict.doubled += [f"{machine} {when:.3f} stands twice" for when in repeated]
        times |= set(at)
        for metric, values in history["values"].items():
            pairs = zip(at, values, strict=True)
            samples |= {(when, metric): value for when, value in pairs if value is not None}
    return samples, times


def _pages(client: httpx.Client, machine: str, first: float, last: float) -> Iterator[dict[str, Any]]:
    to_at = int(first) + HOUR_S
    while to_at < last + HOUR_S:
        answer = client.get(f"/v1/machines/{machine}/history", params={"span": "1h", "to": to_at})
        answer.raise_for_status()
        yield answer.json()
        to_at += HOUR_S
