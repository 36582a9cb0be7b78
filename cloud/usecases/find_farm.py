"""Which farm an account belongs to, where that is one."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Ports


def find_farm(ports: Ports, email: str) -> str | None:
    """The id of the account's oldest farm, None where there is no such account."""
    item = ports.store.get(keys.person(email))
    return next(iter(item.read(Person).memberships), None) if item else None
