"""Which farm an account belongs to."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Person
from cloud.ports import Ports


def find_farm(ports: Ports, email: str) -> str | None:
    """The farm's id, None where there is no such account."""
    item = ports.store.get(keys.person(email))
    return item.read(Person).farm if item else None
