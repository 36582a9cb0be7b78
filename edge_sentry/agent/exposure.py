"""Tells of programs whose API other machines can reach: it can show wallets, and with some change them."""

from __future__ import annotations

from edge_sentry.agent.readers import Target
from edge_sentry.miners.listener import Listener
from edge_sentry.miners.table import MINERS
from edge_sentry.supervisor.events import Kind, Level, Note


class Exposure:
    """Tells it once of each program, and once when a later run of it is closed."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def note(self, target: Target, listener: Listener) -> Note | None:
        """What is new of the program that answers there."""
        if listener.is_open_to_network == (target.id in self._told):
            return None
        if listener.is_open_to_network:
            self._told.add(target.id)
            return Note(Kind.API_EXPOSED, _reason(target, listener.address), Level.ALERT)
        self._told.discard(target.id)
        return Note(Kind.API_EXPOSED, "its API answers this rig alone", over=True)


def _reason(target: Target, address: str) -> str:
    miner = MINERS[target.miner]
    told = f"other machines can reach its API ({address}, port {target.port})"
    if not miner.binds_to_loopback or target.port is None:
        return f"{told}; {miner.title} cannot be told otherwise: close the port by a firewall"
    # The token itself stands in no event.
    flags = " ".join(miner.arguments(target.port, "TOKEN" if target.token else None))
    return f"{told}; keep it on this rig with: {flags}"
