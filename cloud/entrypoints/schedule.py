"""A round of the clock: the commander's own beat, whatever time alone does to farms, letters that wait."""

from __future__ import annotations

from cloud.ports import Ports
from cloud.usecases.keep_beat import keep_beat
from cloud.usecases.send_letters import send_letters
from cloud.usecases.sweep_farms import sweep_farms


def run_round(ports: Ports) -> None:
    """The beat goes first, lest an outage of ours be taken for silence. Raises StoreUnavailable."""
    keep_beat(ports)
    sweep_farms(ports)
    send_letters(ports)
