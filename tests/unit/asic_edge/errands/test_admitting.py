"""What became of a device that was found, and of its login."""

from __future__ import annotations

import msgspec
import pytest

from asic_edge.errands.admitting import NOT_ADDED, NOT_READ, admitted, login_of
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Words
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from asic_edge.ways import Known
from wire.edge import Login
from wire.messages import Unread

S19 = Identity("10.0.0.1", "Antminer", "S19 Pro", mac="02:00:00:00:00:01")
KNOWN = Known(S19, "library")


def read(identity: Identity, reason: str = "") -> Snapshot:
    unread = (Unread("power_w", reason),) if reason else ()
    return Snapshot(identity, 1.0, Depth.FULL, unread=unread)


def test_each_fate() -> None:
    roster, place = Roster(), Words(place="A")
    assert admitted(roster, KNOWN, NoAnswer("is off"), place, "{ip}", 1.0)[1:3] == (NOT_READ, "is off")
    new = admitted(roster, KNOWN, read(S19), place, "{ip}", 1.0)
    assert (new.fate, new.text, new.entry and new.entry.name) == ("added", "is added", "10.0.0.1")
    again = admitted(roster, KNOWN, read(S19), place, "{ip}", 2.0)
    assert (again.fate, again.reworded) == ("known", False)
    reworded = admitted(roster, KNOWN, read(S19), Words(place="B"), "{ip}", 3.0)
    assert (reworded.fate, reworded.reworded) == ("known", True)
    other = msgspec.structs.replace(S19, address="10.0.0.2", mac="02:00:00:00:00:02")
    taken = admitted(roster, Known(other, "library"), read(other), Words(name="10.0.0.1"), "{ip}", 4.0)
    assert (taken.fate, taken.entry) == (NOT_ADDED, None)
    locked = admitted(
        roster, Known(other, "library"), read(other, "its password was changed"), place, "{ip}", 5.0
    )
    assert locked.text == "is added; its login is not known"


@pytest.mark.parametrize(
    ("make", "mac", "reason", "login"),
    [
        ("Antminer", "02:00:00:00:00:01", "", Login.WORKS),
        ("Antminer", "02:00:00:00:00:01", "its password may have been changed", Login.REFUSED),
        ("Antminer", None, "", Login.REFUSED),
        ("Whatsminer", None, "", Login.NOT_NEEDED),
        ("Avalon", None, "", Login.NOT_NEEDED),
        ("Avalon", None, "its password was changed", Login.REFUSED),
    ],
)
def test_logins(make: str, mac: str | None, reason: str, login: Login) -> None:
    assert login_of(read(Identity("10.0.0.1", make, mac=mac), reason)) is login
