"""Reads what went through the network cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import psutil

from edge_sentry.reading import Reading

METRICS = ("network_received_bytes", "network_sent_bytes")


class CardCounters(Protocol):
    """What psutil says of one card: bytes since the machine started."""

    @property
    def bytes_recv(self) -> int: ...
    @property
    def bytes_sent(self) -> int: ...


def start(_folder: Path) -> Callable[[], Reading]:
    """Nothing to prepare."""
    return collect


def collect() -> Reading:
    """Both counters of this machine."""
    try:
        return summed(psutil.net_io_counters(pernic=True), loopbacks(psutil.net_if_stats()))
    except PermissionError:
        return Reading(unread=dict.fromkeys(METRICS, "permission denied"))


def loopbacks(cards: Mapping[str, object]) -> frozenset[str]:
    """The cards on which a machine speaks to itself: by the system's flag, else by the usual names."""
    flagged = {
        name for name, card in cards.items() if "loopback" in str(getattr(card, "flags", "")).split(",")
    }
    return frozenset(flagged | {name for name in cards if name in {"lo", "lo0"} or "Loopback" in name})


def summed(cards: Mapping[str, CardCounters], without: frozenset[str] = frozenset()) -> Reading:
    """The sums over all cards but those."""
    counted = [card for name, card in cards.items() if name not in without]
    if not counted:
        return Reading(unread=dict.fromkeys(METRICS, "no network card found"))
    received = sum(card.bytes_recv for card in counted)
    sent = sum(card.bytes_sent for card in counted)
    return Reading(values={"network_received_bytes": received, "network_sent_bytes": sent})
