"""Brings rows of a table into the roster, and tells of each what it changes or why it is not taken."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import msgspec

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Entry, RosterError, Words
from asic_edge.roster.matching import said
from asic_edge.roster.table_file import Row, Table


class Kind(StrEnum):
    """What a row does."""

    ADD = "add"
    CHANGE = "change"
    NOTHING = "nothing"
    FAULT = "fault"


class Effect(NamedTuple):
    """Of one line. `text` is what it adds or changes, or why it is not taken."""

    line: int
    kind: Kind
    text: str


def take(roster: Roster, table: Table, at: float) -> list[Effect]:
    """Changes the roster by every row that can be taken; `at`: epoch seconds. In the order of lines."""
    faults = (Effect(each.line, Kind.FAULT, each.reason) for each in table.faults)
    return sorted([*faults, *_taken(roster, table.rows, at)], key=lambda each: each.line)


def _taken(roster: Roster, rows: Iterable[Row], at: float) -> Iterable[Effect]:
    for row in rows:
        try:
            yield _take(roster, row, at)
        except RosterError as error:
            yield Effect(row.line, Kind.FAULT, str(error))


def _take(roster: Roster, row: Row, at: float) -> Effect:
    entry = _entry_of(roster, row)
    _check_name(roster, row, entry)
    if entry is None:
        return _add(roster, row, at)
    placed = _placed(roster, entry, row)
    changed = said(roster, placed, row.words)
    changes = _differences(entry, changed)
    kind = Kind.CHANGE if changes else Kind.NOTHING
    return Effect(row.line, kind, f"{entry.name}: {', '.join(changes) or 'is so already'}")


def _entry_of(roster: Roster, row: Row) -> Entry | None:
    """By MAC, else by address where no other MAC is known. Raises RosterError where these disagree."""
    by_mac, there = roster.with_mac(row.mac), roster.at(row.address)
    if by_mac is not None:
        return by_mac
    if there is None or row.mac is None or there.mac is None:
        return there
    raise RosterError(
        f"at {row.address} is {there.name} with the MAC {there.mac}; if its control board was replaced, "
        f"run: asic-edge add --ip {row.address}"
    )


def _check_name(roster: Roster, row: Row, entry: Entry | None) -> None:
    named = roster.named(row.words.name)
    if named is not None and (entry is None or named.number != entry.number):
        raise RosterError(f"{row.words.name} is the name of another device already")


def _add(roster: Roster, row: Row, at: float) -> Effect:
    name = row.words.name or roster.free_name((row.address or row.mac or "").replace(":", "").lower())
    entry = Entry(
        number=roster.number(), name=name, by_rule=True, address=row.address, mac=row.mac, added_at=at
    )
    roster.put(entry)
    said(roster, entry, row.words)
    where = " ".join(each for each in (row.address, row.mac) if each)
    return Effect(row.line, Kind.ADD, f"{name} ({where})")


def _placed(roster: Roster, entry: Entry, row: Row) -> Entry:
    """With what the row knows and the roster does not; a device that was seen has the address it had then."""
    changes: dict[str, str] = {}
    if row.mac and not entry.mac:
        changes["mac"] = row.mac
    if row.address and entry.seen_at is None and row.address != entry.address:
        there = roster.at(row.address)
        if there is not None and there.number != entry.number:
            raise RosterError(
                f"{row.address} is the address of {there.name}; leave it out or remove that one"
            )
        changes["address"] = row.address
    return msgspec.structs.replace(entry, **changes)


def _differences(before: Entry, after: Entry) -> list[str]:
    words = ("address", "mac", *Words.__struct_fields__)
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in words)
    return [f"{name} {_told(old)} -> {_told(new)}" for name, old, new in pairs if old != new]


def _told(value: object) -> str:
    return (", ".join(value) if isinstance(value, tuple) else str(value or "")) or "none"
