"""What was read of single cards, and how it becomes one reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from edge_sentry.reading import Reading
from wire.messages import Device, series_name

NOT_SUPPORTED = "not supported by this card"


@dataclass
class Figures:
    """Of one card by metric; `unread` says why there is none."""

    values: dict[str, float] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def note(self, metric: str, value: float | None, reason: str = NOT_SUPPORTED) -> None:
        """A value, or why there is none."""
        if value is None:
            self.unread[metric] = reason
        else:
            self.values[metric] = value


def reading_of(cards: Iterable[tuple[Device, Figures]]) -> Reading:
    """Each card with its own figures, by the names of their series."""
    rows = tuple(cards)
    return Reading(
        devices=tuple(device for device, _ in rows),
        values={
            series_name(metric, device.device): value
            for device, figures in rows
            for metric, value in figures.values.items()
        },
        unread={
            series_name(metric, device.device): reason
            for device, figures in rows
            for metric, reason in figures.unread.items()
        },
    )
