"""The rig's cards as the supervisor judges them, and their events."""

from __future__ import annotations

from edge_sentry.agent.rig import card_notes, rig_facts
from edge_sentry.reading import CardEvent, Reading
from edge_sentry.supervisor.events import Kind, Level, Note
from edge_sentry.supervisor.facts import GpuFacts, RigFacts
from wire.messages import Device

ADDRESS = "0000:01:00.0"
READING = Reading(
    values={
        "cpu_load_pct": 12.0,
        "gpu_temperature_c@gpu-1": 60.0,
        "gpu_memory_temperature_c@gpu-1": 80.0,
        "gpu_load_pct@gpu-1": 99.0,
        "gpu_temperature_c@gpu-2": 50.0,
    },
    devices=(Device("gpu-1", address=ADDRESS), Device("gpu-2")),
    lost={"0000:02:00.0": "fell off the bus"},
    hung_readings=2,
    card_events=(
        CardEvent("gpu_gone", "it is not there", "gpu-3", None),
        CardEvent("gpu_moved", "from here to there", "gpu-1", ADDRESS),
    ),
)


def test_cards_by_address() -> None:
    assert rig_facts(9.0, READING) == RigFacts(
        at=9.0,
        gpus={ADDRESS: GpuFacts(temperature_c=60.0, memory_temperature_c=80.0, load_pct=99.0)},
        lost={"0000:02:00.0": "fell off the bus"},
        hung_readings=2,
        cpu_load_pct=12.0,
    )


def test_a_card_that_is_gone_alerts_and_one_that_moved_is_noted() -> None:
    assert card_notes(READING) == (
        Note(Kind.GPU_GONE, "it is not there", Level.ALERT, "gpu-3"),
        Note(Kind.GPU_MOVED, "from here to there", Level.NOTE, "gpu-1"),
    )
