"""Asks every collector and keeps what can be true; what cannot be had goes with its reason."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import msgspec

from edge_sentry.agent.sources import Sources
from edge_sentry.cards.seen import RigCards
from edge_sentry.cards.totals import Totals
from edge_sentry.collectors import Source
from edge_sentry.miners.assembly import total
from edge_sentry.reading import Reading, SourceReport, Spec
from edge_sentry.supervisor.proc import boot_id
from wire.messages import Mining, Specs, Unread, split_series_name
from wire.metrics import BY_NAME, Of, misreading, to_step

_LONGEST_TEXT = 200
_MOST_UNREAD = 200
# As wire.messages.Specs has them.
_MOST_DEVICES = 64
# As wire.messages.Mining has them.
_MOST_MINING = 8
_LONGEST_ALGORITHM = 40
_LONGEST_COIN = 20
_HIGHEST_HASHRATE = 1e24

T = TypeVar("T")


class Sampler:
    """Reads all sources at once, and adds what they come to together. One that fails loses no other."""

    def __init__(self, sources: tuple[Source, ...], folder: Path) -> None:
        self._sources = Sources(sources, folder)
        self._cards = RigCards(folder, boot_id())
        self._totals = Totals()
        self._lock = threading.Lock()

    def sample(self) -> Reading:
        """Everything that can be read now. The first call starts the sources."""
        with self._lock:
            reading = self._cards.completed(believable(self._sources.read()))
            # Last: a card that is not told is neither new nor gone, and draws its power.
            return limited(self._totals.added(reading))

    def close(self) -> None:
        """Ends what sources keep running; nothing is read any more."""
        self._sources.close()

    @property
    def sources(self) -> tuple[SourceReport, ...]:
        """How the newest reading of each source went."""
        return self._sources.reports


def limited(reading: Reading) -> Reading:
    """No more cards than the wire takes, and nothing of the others."""
    if len(reading.devices) <= _MOST_DEVICES:
        return reading
    others = {device.device for device in reading.devices[_MOST_DEVICES:]}
    told = f"only {_MOST_DEVICES} of {len(reading.devices)} cards are told"
    return replace(
        reading,
        devices=reading.devices[:_MOST_DEVICES],
        values=_without(reading.values, others),
        unread={**_without(reading.unread, others), "devices": told},
    )


def believable(reading: Reading) -> Reading:
    """Moves values outside their metric's bounds to the unread ones, and rounds the others to its step."""
    doubts = {name: _doubt(name, value) for name, value in reading.values.items()}
    reasons = {name: doubt for name, doubt in doubts.items() if doubt is not None}
    values = {
        name: float(to_step(BY_NAME[split_series_name(name)[0]], value))
        for name, value in reading.values.items()
        if name not in reasons
    }
    return replace(reading, values=values, unread={**reading.unread, **reasons})


def specs_of(reading: Reading, agent_version: str) -> Specs:
    """The specs as the wire has them."""
    known = {name: _shortened(spec) for name, spec in reading.specs.items()}
    devices = reading.devices[:_MOST_DEVICES]
    return msgspec.convert({**known, "devices": devices, "agent_version": agent_version}, Specs)


def unread_of(reading: Reading) -> tuple[Unread, ...]:
    """The reasons as the wire has them; where there are too many, the machine's own go first."""
    return tuple(
        Unread(part=part, reason=reason[:_LONGEST_TEXT])
        for part, reason in sorted(reading.unread.items(), key=_own_first)[:_MOST_UNREAD]
    )


def mining_of(reading: Reading) -> tuple[Mining, ...]:
    """The rows as the wire takes them; a hashrate that cannot be true counts as not read.

    What several programs mine of one algorithm and coin is added. A sum is read only when all its parts
    are: without one it would be a wrong figure, not a low one.
    """
    rows: dict[tuple[str, str | None], list[Mining]] = {}
    for row in map(_shown, reading.mining):
        if row.algorithm:
            rows.setdefault((row.algorithm, row.coin), []).append(row)
    return tuple(map(_added, rows.values()))[:_MOST_MINING]


def _shown(row: Mining) -> Mining:
    algorithm, coin = row.algorithm[:_LONGEST_ALGORITHM], (row.coin or "")[:_LONGEST_COIN] or None
    return Mining(algorithm, _hashrate(row), row.unit, coin)


def _added(rows: list[Mining]) -> Mining:
    """Of two units of one algorithm the first counts: they cannot be added."""
    first = rows[0]
    rates = [row.hashrate for row in rows if row.unit == first.unit]
    return Mining(first.algorithm, total(rates), first.unit, first.coin)


def _hashrate(row: Mining) -> float | None:
    known = row.hashrate is not None and math.isfinite(row.hashrate)
    return row.hashrate if known and 0 <= (row.hashrate or 0) <= _HIGHEST_HASHRATE else None


def _doubt(name: str, value: float) -> str | None:
    name, subject = split_series_name(name)
    metric = BY_NAME.get(name)
    if metric is None or (metric.of is Of.MACHINE) is not (subject == ""):
        return "is not a metric that we know"
    reason = misreading(metric, value)
    return None if reason is None else f"read {value:g}, which {reason}"


def _shortened(spec: Spec) -> Spec:
    return spec[:_LONGEST_TEXT] if isinstance(spec, str) else spec


def _own_first(item: tuple[str, str]) -> tuple[bool, str]:
    return "@" in item[0], item[0]


def _without(rows: Mapping[str, T], devices: set[str]) -> dict[str, T]:
    return {name: row for name, row in rows.items() if split_series_name(name)[1] not in devices}
