"""Sightings and rosters for tests, in few words."""

from __future__ import annotations

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Sighting
from asic_edge.snapshot import Identity


def mac_of(number: int) -> str:
    """The MAC of control board `number`."""
    return f"02:00:00:00:{number // 256:02X}:{number % 256:02X}"


def sighting(
    address: str,
    board: int | None = None,
    *,
    serial: str | None = None,
    make: str = "Antminer",
    model: str = "S19 Pro",
    at: float = 1.0,
) -> Sighting:
    """An S19 Pro with this control board; None: it does not tell its MAC."""
    mac = None if board is None else mac_of(board)
    return Sighting(Identity(address, make, model, mac=mac, serial=serial), "library", at)


def check(roster: Roster) -> None:
    """Nothing that must be one's own is shared, and what goes to disk comes back."""
    entries = list(roster)
    for name in ("number", "name", "mac", "address"):
        told = [each for entry in entries if (each := getattr(entry, name)) is not None]
        assert len(told) == len(set(told)), name
    for entry in entries:
        assert roster.get(entry.number) == entry
        assert roster.named(entry.name) == entry
        assert entry.mac is None or roster.with_mac(entry.mac) == entry
        assert entry.address is None or roster.at(entry.address) == entry
        assert entry.mac not in entry.former_macs
    for question in roster.questions.values():
        assert roster.get(question.of) is not None
        assert roster.with_mac(question.sighting.identity.mac) is None
    assert Roster(roster.kept()).kept() == roster.kept()
