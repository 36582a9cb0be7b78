"""What is known of each device now: its entry in the roster, and its last reading or its silence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Entry
from asic_edge.snapshot import Depth, NoAnswer, Snapshot
from wire.edge import NoReply

_LONGEST_REASON = 200
_LOST = NoAnswer("is nowhere: another device is at its address, and nobody knows where it went")
_NEVER_SEEN = NoAnswer("was not found yet: it has no address, only a MAC from a list")


@dataclass
class Device:
    """A device of the roster. `entry` is replaced when the roster changes.

    `last` is the last reading, None while silent or never read; `full` the last full one, kept while silent
    too, for it says what the device is. `at`: of the last answer or failure, `full_at` of the last full one,
    epoch seconds; 0: none yet. `took_s`: how long the last took.
    """

    entry: Entry
    last: Snapshot | None = None
    full: Snapshot | None = None
    silence: NoReply | None = None
    took_s: float = 0.0
    at: float = 0.0
    full_at: float = 0.0


class Changes(NamedTuple):
    """What a changed roster means, by number. `removed` too: who has the number of another device now."""

    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()


class Hall:
    """For the thread of the event loop only. `devices` by number; `round_s`: how long a round is now."""

    def __init__(self) -> None:
        self.round_s = math.inf
        self.devices: dict[int, Device] = {}
        self._by_address: dict[str, Device] = {}

    def take_roster(self, roster: Roster) -> Changes:
        """What is known stays with each device, unless its number went to another or its reader changed."""
        entries = {entry.number: entry for entry in roster}
        removed = [
            number
            for number, device in self.devices.items()
            if (entry := entries.get(number)) is None or entry.added_at != device.entry.added_at
        ]
        for number in removed:
            del self.devices[number]
        added = [number for number in entries if number not in self.devices]
        moved = [
            number for number, device in self.devices.items() if _moved(device.entry, entries[number], device)
        ]
        for number, entry in entries.items():
            self._put(entry, anew=number in moved)
        self._by_address = {each.entry.address: each for each in self.devices.values() if each.entry.address}
        return Changes(tuple(added), tuple(removed), tuple(moved))

    def note(self, address: str, result: Snapshot | NoAnswer, took_s: float, at: float) -> Device | None:
        """Takes a reading; None when no device of the roster is at that address any more."""
        device = self._by_address.get(address)
        if device is None:
            return None
        device.took_s, device.at = took_s, at
        if isinstance(result, NoAnswer):
            rounds = max(math.ceil(took_s / self.round_s), 1)
            device.last, device.silence = None, _longer(device.silence, result, at, rounds)
            return device
        device.last, device.silence = result, None
        if result.depth is Depth.FULL:
            device.full, device.full_at = result, at
        return device

    def note_lost(self, at: float) -> None:
        """Once a round: where another device is now, nobody knows where the former one went."""
        for device in self.devices.values():
            if device.entry.address is None:
                device.last, device.at = None, at
                never = device.entry.seen_at is None
                device.silence = _longer(device.silence, _NEVER_SEEN if never else _LOST, at)

    def not_ours(self, number: int) -> None:
        """Another edge reads it: nothing is known of it here."""
        device = self.devices.get(number)
        if device is not None:
            device.last, device.silence, device.at = None, None, 0.0

    def at(self, address: str) -> Device | None:
        """The device whose entry says that it is there."""
        return self._by_address.get(address)

    def shift(self, by_s: float) -> None:
        """All times so far were dated wrongly by so much."""
        for device in self.devices.values():
            device.at += by_s if device.at else 0.0
            device.full_at += by_s if device.full_at else 0.0
            if device.silence is not None:
                since = max(device.silence.since + by_s, 0.0)
                device.silence = msgspec.structs.replace(device.silence, since=since)

    def _put(self, entry: Entry, *, anew: bool) -> None:
        device = self.devices.get(entry.number)
        if device is None:
            self.devices[entry.number] = Device(entry)
            return
        device.entry = entry
        if anew:  # nothing is known of it there; what it is stays
            device.last, device.silence, device.at = None, None, 0.0


def _moved(before: Entry, now: Entry, device: Device) -> bool:
    """It is elsewhere, or asked in another way: the next reading is another question."""
    if before.address == now.address and before.reader == now.reader:
        return False
    learned = before.reader is None and before.address == now.address and device.last is not None
    return not learned


def _longer(before: NoReply | None, result: NoAnswer, at: float, rounds: int = 1) -> NoReply:
    """`rounds`: how many it was waited for; it was asked in the first of them only."""
    reason = result.reason[:_LONGEST_REASON]
    if before is None:
        return NoReply(reason, max(at, 0.0), rounds)
    return NoReply(reason, before.since, before.rounds + rounds)
