"""Reads AMD's cards from the files in which Linux' driver amdgpu shows them; no right of root is needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from edge_sentry.cards.drm import (
    DRM,
    DrmCard,
    Known,
    cards_of,
    first_number,
    labelled,
    read_into,
    reason_of,
    size_of,
    text_of,
)
from edge_sentry.cards.figures import Figures, reading_of
from edge_sentry.cards.identity import CardFacts, identified
from edge_sentry.reading import Reading

METRICS: tuple[str, ...] = ()

_PCI = "0x1002"
_MILLI = 1e-3
_MICRO = 1e-6
_FULL_PWM = 255
_TEMPERATURES = (
    ("gpu_temperature_c", "edge", "temp1_input"),
    ("gpu_hot_spot_temperature_c", "junction", "temp2_input"),
    ("gpu_memory_temperature_c", "mem", "temp3_input"),
)


def start(_folder: Path) -> Callable[[], Reading]:
    """Cards that come later are found too."""
    return partial(collect, DRM, Known(facts))


def collect(root: Path, known: Known) -> Reading:
    """All of AMD's cards under `root`, which is laid out as /sys/class/drm."""
    cards = cards_of(root, _PCI)
    return reading_of(zip(identified(map(known.facts, cards)), map(_figures, cards), strict=True))


def facts(card: DrmCard) -> CardFacts:
    """What does not change of a card."""
    unique = text_of(card.device / "unique_id")
    return CardFacts(
        "amd",
        name=card.name("AMD"),
        address=card.address,
        uuid=unique if unique and unique.strip("0x") else None,
        vbios=text_of(card.device / "vbios_version"),
        driver=card.driver,
        memory_bytes=size_of(card.device / "mem_info_vram_total"),
    )


def _figures(card: DrmCard) -> Figures:
    figures, sensors, device = Figures(), card.sensors, card.device
    temperatures = labelled(sensors, "temp")
    for metric, label, usual in _TEMPERATURES:
        found = temperatures.get(label) or temperatures.get(usual)
        read_into(figures, metric, () if found is None else (found,), _MILLI)
    # Since Linux 6.6 a card has only one of the two.
    read_into(figures, "gpu_power_w", (sensors / "power1_average", sensors / "power1_input"), _MICRO)
    read_into(figures, "gpu_core_clock_hz", (sensors / "freq1_input",))
    read_into(figures, "gpu_memory_clock_hz", (sensors / "freq2_input",))
    read_into(figures, "gpu_load_pct", (device / "gpu_busy_percent",))
    read_into(figures, "gpu_memory_used_bytes", (device / "mem_info_vram_used",))
    _fan(figures, sensors)
    return figures


def _fan(figures: Figures, sensors: Path) -> None:
    """As a share of its highest setting, else of its highest speed."""
    try:
        share = _share(sensors / "pwm1", sensors / "pwm1_max", _FULL_PWM)
        if share is None:
            share = _share(sensors / "fan1_input", sensors / "fan1_max", None)
    except (OSError, ValueError) as error:
        figures.unread["gpu_fan_pct"] = reason_of(error)
    else:
        figures.note("gpu_fan_pct", share)


def _share(file: Path, highest: Path, usual: int | None) -> float | None:
    now, most = first_number((file,)), first_number((highest,)) or usual
    return None if now is None or most is None else 100 * now / most
