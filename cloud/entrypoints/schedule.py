"""A round of the clock: the commander's own beat, then whatever time alone does to farms."""

from __future__ import annotations

from cloud.ports import Ports
from cloud.usecases.keep_beat import keep_beat
from cloud.usecases.sweep_farms import sweep_farms


def run_round(ports: Ports) -> None:
    """The beat goes first, lest an outage of ours be taken for silence. Raises StoreUnavailable."""
    keep_beat(ports)
    sweep_farms(ports)
