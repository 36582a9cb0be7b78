"""Machines that report, fall silent and return, and what the commander notes of it."""

from __future__ import annotations

from cloud.domain.records import Arrival, Standing
from cloud.usecases.note_silence import note_silence, standings
from cloud.usecases.store_report import store_report
from tests.fakes.reports import NOW, report
from tests.fakes.world import Sentry, World
from wire.live import MachineChange, ParkedFor, Parking, Transition

ONLINE, OFFLINE, STOPPED = Transition.ONLINE, Transition.OFFLINE, Transition.STOPPED
PARKED = MachineChange(parked=Parking(ParkedFor.REPAIR))


def tell(world: World, sentry: Sentry, *, goodbye: bool = False, interval_s: float = 60) -> float:
    """A report of now, whose time it gives."""
    now = world.clock.now
    sequence = round((now - NOW) * 10) + 1
    sent = report(sentry.machine, [now], sequence=sequence, goodbye=goodbye, interval_s=interval_s)
    store_report(world.ports, Arrival(sentry.farm, now, False, sent))
    return now


def note(world: World, farm: str = "farm_000001", *, times: int = 3) -> None:
    """A few sweeps, so that each test tries whether the second finds anything."""
    for _ in range(times):
        note_silence(world.ports, farm)


def silent(world: World, farm: str) -> set[str]:
    found = standings(world.ports, farm).values()
    return {machine for item in found for machine in item.read(Standing).silent}


def happened(world: World, sentry: Sentry) -> list[tuple[float, Transition | None]]:
    """A machine's events, oldest first; fails if the farm has others of it."""
    of_machine = world.events(sentry.farm, sentry.machine)
    assert [event for event in world.events(sentry.farm) if event.machine == sentry.machine] == of_machine
    return [(event.at, event.state) for event in of_machine]
