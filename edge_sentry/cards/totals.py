"""What the cards add to the machine's own figures: its hottest card, and their part of its power."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from edge_sentry.reading import Reading
from wire.messages import split_series_name
from wire.metrics import BY_NAME, to_step

DERIVED = ("gpu_hottest_c",)
"""Metrics of the machine that no source reads."""


class Totals:
    """Adds up. Parts that told their power once count until they are gone: a sum never lacks one silently."""

    def __init__(self) -> None:
        self._parts: frozenset[str] = frozenset()

    def added(self, reading: Reading) -> Reading:
        """The reading with both figures, or why they are not there; without cards as it was."""
        return self._with_power(_with_hottest(reading))

    def _with_power(self, reading: Reading) -> Reading:
        told = {name: reading.values[name] for name in reading.values if _is_power(name)}
        parts = self._parts & frozenset(_possible_parts(reading)) | told.keys()
        self._parts = parts
        missing = sorted(parts - told.keys())
        if not told and not missing:
            return reading
        values = {name: value for name, value in reading.values.items() if name != "power_w"}
        unread = {name: reason for name, reason in reading.unread.items() if name != "power_w"}
        if missing:
            reason = reading.unread.get(missing[0], "not read")
            part = split_series_name(missing[0])[1] or "the processor"
            return replace(reading, values=values, unread={**unread, "power_w": f"{part}: {reason}"})
        values["power_w"] = float(to_step(BY_NAME["power_w"], sum(told.values())))
        return replace(reading, values=values, unread=unread)


def _with_hottest(reading: Reading) -> Reading:
    celsius = [value for name, value in reading.values.items() if name.startswith("gpu_temperature_c@")]
    if celsius:
        return replace(reading, values={**reading.values, "gpu_hottest_c": max(celsius)})
    if reading.devices:
        reason = "no card's temperature was read"
        return replace(reading, unread={**reading.unread, "gpu_hottest_c": reason})
    return reading


def _is_power(series: str) -> bool:
    return split_series_name(series)[0] in {"power_w", "gpu_power_w"}


def _possible_parts(reading: Reading) -> Iterator[str]:
    """All but the cards that are gone or lost, which draw what nobody knows."""
    yield "power_w"
    for device in reading.devices:
        if device.address not in reading.lost:
            yield f"gpu_power_w@{device.device}"
