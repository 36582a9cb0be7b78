"""Reads Intel's cards from the files in which Linux' drivers i915 and xe show them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from edge_sentry.cards.drm import (
    DRM,
    DrmCard,
    Known,
    cards_of,
    first_number,
    labelled,
    read_into,
    reason_of,
)
from edge_sentry.cards.figures import NOT_SUPPORTED, Figures, reading_of
from edge_sentry.cards.identity import CardFacts, identified
from edge_sentry.reading import Reading

METRICS: tuple[str, ...] = ()

_PCI = "0x8086"
_MILLI = 1e-3
_MICRO = 1e-6
_MEGA = 1e6
_SHORTEST_S = 0.1
# The whole card, else its chip; what has no label is one of these too.
_WHOLE = ("card", "pkg", "energy1_input")


class _Energy(NamedTuple):
    joules: float
    at: float


def start(_folder: Path) -> Callable[[], Reading]:
    """Cards that come later are found too; the power counts from the first reading."""
    return IntelCards(DRM, time.monotonic).collect


class IntelCards:
    """All of Intel's cards under `root`, which is laid out as /sys/class/drm.

    Load, memory in use and the fans' share are told by neither driver in files: no metric here.
    """

    def __init__(self, root: Path, steady: Callable[[], float]) -> None:
        self._root = root
        self._steady = steady
        self._known = Known(facts)
        self._before: dict[Path, _Energy] = {}

    def collect(self) -> Reading:
        """What they tell now."""
        cards = cards_of(self._root, _PCI)
        figures = [self._figures(card) for card in cards]
        return reading_of(zip(identified(map(self._known.facts, cards)), figures, strict=True))

    def _figures(self, card: DrmCard) -> Figures:
        figures = Figures()
        temperatures = labelled(card.sensors, "temp")
        core = temperatures.get("pkg") or temperatures.get("temp1_input")
        read_into(figures, "gpu_temperature_c", () if core is None else (core,), _MILLI)
        if "vram" in temperatures:
            read_into(figures, "gpu_memory_temperature_c", (temperatures["vram"],), _MILLI)
        xe = card.device / "tile0" / "gt0" / "freq0" / "act_freq"
        i915 = (card.node / "gt" / "gt0" / "rps_act_freq_mhz", card.node / "gt_act_freq_mhz")
        read_into(figures, "gpu_core_clock_hz", (xe, *i915), _MEGA)
        self._power(figures, card)
        return figures

    def _power(self, figures: Figures, card: DrmCard) -> None:
        """The mean since the reading before: the card counts its energy."""
        counters = labelled(card.sensors, "energy")
        counter = next((counters[label] for label in _WHOLE if label in counters), None)
        if counter is None:
            read_into(figures, "gpu_power_w", (card.sensors / "power1_input",), _MICRO)
            return
        try:
            used = first_number((counter,))
        except (OSError, ValueError) as error:
            figures.unread["gpu_power_w"] = reason_of(error)
            return
        watts = None if used is None else self._watts(counter, _Energy(used * _MICRO, self._steady()))
        figures.note(
            "gpu_power_w", watts, NOT_SUPPORTED if used is None else "no earlier reading to compare with"
        )

    def _watts(self, counter: Path, now: _Energy) -> float | None:
        before = self._before.get(counter)
        if before is not None and now.at - before.at < _SHORTEST_S:
            return None
        self._before[counter] = now
        if before is None or now.joules < before.joules:
            return None
        return (now.joules - before.joules) / (now.at - before.at)


def facts(card: DrmCard) -> CardFacts:
    """What does not change of a card; Intel's drivers tell no serial number."""
    return CardFacts("intel", name=card.name("Intel"), address=card.address, driver=card.driver)
