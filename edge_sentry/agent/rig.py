"""Tells the supervisor what the newest sample says of the rig's cards."""

from __future__ import annotations

from edge_sentry.reading import Reading
from edge_sentry.supervisor.events import Kind, Level, Note
from edge_sentry.supervisor.facts import GpuFacts, RigFacts

_LEVELS = {Kind.GPU_GONE: Level.ALERT}


def rig_facts(at: float, reading: Reading) -> RigFacts:
    """`at` by the steady clock. A card without an address cannot be matched with what programs tell."""
    return RigFacts(
        at=at,
        gpus={
            each.address: GpuFacts(
                temperature_c=each.temperature_c,
                memory_temperature_c=each.memory_temperature_c,
                load_pct=each.load_pct,
            )
            for each in reading.cards
            if each.address
        },
        lost=dict(reading.lost),
        hung_readings=reading.hung_readings,
        cpu_load_pct=reading.values.get("cpu_load_pct"),
    )


def card_notes(reading: Reading) -> tuple[Note, ...]:
    """The events of cards that came, went or moved."""
    return tuple(
        Note(Kind(each.kind), each.reason, _LEVELS.get(Kind(each.kind), Level.NOTE), each.device)
        for each in reading.card_events
    )
