"""The session behind a connection or a ticket, as long as it lasts."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Person, Session
from cloud.ports import Item, Ports


def find_session(ports: Ports, digest: str) -> Session | None:
    """By the SHA-256 of its cookie; None when it is over or the person has another password since."""
    item = ports.store.get(keys.session(digest))
    if item is None:
        return None
    return still_valid(item, ports.store.get(keys.person(item.read(Session).email)))


def still_valid(session: Item, person: Item | None) -> Session | None:
    """None when the person has another password since."""
    found = session.read(Session)
    return found if person and person.read(Person).generation == found.generation else None
