"""What the commander knows of each machine beside its figures, so that a report tells what is new."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from asic_edge.agent.readings import appliance_of, mining_of, specs_of, unread_of
from asic_edge.roster.entries import Entry
from asic_edge.snapshot import Snapshot
from wire.edge import NoReply, batch_of
from wire.messages import Block, MachineReport, RigEvent, Series, Specs, Unread, split_series_name
from wire.uplink.blocks import Values

EVENTS_MAX = 100
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Newest(NamedTuple):
    """What is known now of a device that is read here. `at` of its `values`, which it has unless silent."""

    number: int
    machine: str
    entry: Entry
    at: float
    values: Values | None
    last: Snapshot | None
    full: Snapshot | None
    full_at: float
    silence: NoReply | None
    events: tuple[RigEvent, ...] = ()


class Telling:
    """By machine. For the thread that sends. `events_told`: ids of events by the device's number, until they
    are taken from it.
    """

    def __init__(self, agent_version: str) -> None:
        self._version = agent_version
        self.events_told: dict[int, set[int]] = {}
        self._specs: dict[str, Specs] = {}
        self._unread: dict[str, tuple[Unread, ...]] = {}
        self._read_at: dict[str, float] = {}
        self._unwanted: set[tuple[str, str]] = set()

    def newest(self, state: Newest, latest_at: float) -> MachineReport:
        """The newest state alone; no later than `latest_at`, should the clock have been set back."""
        return MachineReport(
            state.machine,
            open=self._open(state, latest_at),
            mining=self._mining(state),
            batch=batch_of(state.number),
            silence=state.silence,
        )

    def extras(self, state: Newest) -> dict[str, Any]:
        """What the commander does not know of it, by the field of its MachineReport."""
        specs = specs_of(state.entry, state.full, self._version)
        unread = unread_of(state.last, state.full) if state.last else None
        gone = self.events_told.get(state.number, set())
        events = tuple(each for each in state.events if each.id not in gone)[:EVENTS_MAX]
        told = {
            "specs": specs if specs != self._specs.get(state.machine) else None,
            "unread": unread if self._is_new(state.machine, unread) else None,
            "appliance": appliance_of(state.full, state.full_at)
            if state.full and state.full_at != self._read_at.get(state.machine)
            else None,
            "events": events or None,
        }
        return {name: each for name, each in told.items() if each is not None}

    def note_told(self, number: int, part: MachineReport) -> None:
        """The commander has stored this part of a report."""
        for name in ("specs", "unread", "appliance", "events"):
            self._note(name, number, part)

    def note_refused(self, number: int, part: MachineReport, field: str) -> bool:
        """Whether `field` was added here; if so it is not said again until it changes."""
        name = field.split(".")[1].partition("[")[0] if "." in field else ""
        if name in {"specs", "unread", "appliance", "events"} and self._holds(part, name):
            self._note(name, number, part)
            return True
        if name == "mining" and part.mining:
            self._unwanted.add((part.machine, "mining"))
            return True
        return name == "open" and self._bar_series(part, field)

    def forget(self) -> None:
        """A new epoch, in which the commander may know nothing."""
        self._specs.clear()
        self._unread.clear()
        self._read_at.clear()

    def _holds(self, part: MachineReport, name: str) -> bool:
        return getattr(part, name) not in (None, ())

    def _note(self, name: str, number: int, part: MachineReport) -> None:
        if name == "specs" and part.specs is not None:
            self._specs[part.machine] = part.specs
        elif name == "unread" and part.unread is not None:
            self._unread[part.machine] = part.unread
        elif name == "appliance" and part.appliance is not None:
            self._read_at[part.machine] = part.appliance.read_at or 0.0
        elif name == "events" and part.events:
            self.events_told.setdefault(number, set()).update(each.id for each in part.events)

    def _bar_series(self, part: MachineReport, field: str) -> bool:
        """A figure that this commander does not take is not told again of this machine."""
        found = re.search(r"\.open\.series\[(\d+)\]", field)
        if found is None or part.open is None or int(found[1]) >= len(part.open.series):
            return False
        self._unwanted.add((part.machine, part.open.series[int(found[1])].name))
        return True

    def _open(self, state: Newest, latest_at: float) -> Block | None:
        if state.values is None:
            return None
        names = [
            (name, value) for name, value in state.values.items() if not self._is_barred(state.machine, name)
        ]
        series = ((split_series_name(name), value) for name, value in names)
        told = tuple(Series(metric, (value,), subject) for (metric, subject), value in series)
        return Block((round(max(min(state.at, latest_at), 0.0), 3),), told)

    def _mining(self, state: Newest) -> tuple[Any, ...]:
        if state.last is None or self._is_barred(state.machine, "mining"):
            return ()
        return mining_of(state.last, state.full)

    def _is_barred(self, machine: str, what: str) -> bool:
        return bool(self._unwanted) and (machine, what) in self._unwanted

    def _is_new(self, machine: str, unread: tuple[Unread, ...] | None) -> bool:
        """Numbers within a reason are figures and no change."""
        known = self._unread.get(machine)
        if unread is None or unread == known:
            return False
        return known is None or _outline(unread) != _outline(known)


def filled(part: MachineReport, extras: dict[str, Any]) -> MachineReport:
    """The newest state with what is new beside it."""
    return msgspec.structs.replace(part, **extras) if extras else part


def _outline(unread: tuple[Unread, ...]) -> set[tuple[str, str]]:
    return {(each.part, _NUMBER.sub("#", each.reason)) for each in unread}
