"""Puts devices that were read in full into the roster, and says of each what became of it."""

from __future__ import annotations

from typing import Final, NamedTuple

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Entry, RosterError, Sighting, Words
from asic_edge.roster.matching import Fate, admit
from asic_edge.snapshot import Identity, NoAnswer, Snapshot
from asic_edge.ways import Known
from wire.edge import Login

NOT_READ: Final = "not read"
NOT_ADDED: Final = "not added"
OPEN_MAKES: Final = frozenset({"Bitaxe", "NerdAxe", "Whatsminer", "IceRiver"})
"""What we read of these asks for no login."""
_NEED_LOGIN: Final = ("Antminer", "ElphaPex", "VolcMiner")


class Admitted(NamedTuple):
    """`fate`: one of `Fate`, NOT_READ or NOT_ADDED; `text` says why. `reworded`: other words are said of it
    than before.
    """

    identity: Identity
    fate: str
    text: str
    entry: Entry | None = None
    reworded: bool = False


def admitted(
    roster: Roster, known: Known, read: Snapshot | NoAnswer, words: Words, rule: str, at: float
) -> Admitted:
    """Changes the roster unless the device was not read, or cannot be taken."""
    if isinstance(read, NoAnswer):
        return Admitted(known.identity, NOT_READ, read.reason)
    before = roster.at(read.identity.address)
    try:
        outcome = admit(roster, sighting_of(known, read, at), words, rule)
    except RosterError as error:
        return Admitted(read.identity, NOT_ADDED, str(error))
    text = f"{outcome.text}; its login is not known" if lacks_login(read) else outcome.text
    entry, known_there = outcome.entry, outcome.fate is Fate.KNOWN
    reworded = known_there and entry is not None and before is not None and entry.words != before.words
    return Admitted(read.identity, outcome.fate.value, text, entry, reworded)


def sighting_of(known: Known, read: Snapshot, at: float) -> Sighting:
    """What a full reading shows of a device."""
    return Sighting(read.identity, known.reader, at)


def lacks_login(read: Snapshot) -> bool:
    """The device told less than it could to somebody with its password."""
    return any("password" in each.reason for each in read.unread)


def login_of(read: Snapshot) -> Login:
    """What became of its login, by what only somebody with the login is told in a full reading."""
    make = read.identity.make
    if make in OPEN_MAKES:
        return Login.NOT_NEEDED
    if lacks_login(read) or (read.identity.mac is None and make in _NEED_LOGIN):
        return Login.REFUSED
    return Login.WORKS if make in _NEED_LOGIN else Login.NOT_NEEDED
