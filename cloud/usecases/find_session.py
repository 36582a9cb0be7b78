"""Whose session it is, and what they may do in a farm, as long as it lasts."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.people import Membership, Person, Session
from cloud.ports import Ports


def find_person(ports: Ports, email: str, session: str) -> Person | None:
    """The person behind the SHA-256 of a session's cookie, in one read.

    None when the session is over, or the person has another password since.
    """
    key, owner = keys.session(email, session), keys.person(email)
    found = ports.store.get_many([key, owner])
    if key not in found or owner not in found:
        return None
    person = found[owner].read(Person)
    return person if person.generation == found[key].read(Session).generation else None


def find_membership(ports: Ports, email: str, session: str, farm: str) -> Membership | None:
    """The person's place in `farm`, None when the session is over or they do not belong there."""
    person = find_person(ports, email, session)
    return person.memberships.get(farm) if person else None
