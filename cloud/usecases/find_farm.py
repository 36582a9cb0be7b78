"""Which farm an account owns, where that is one."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Ports
from wire.people import Role


def find_farm(ports: Ports, email: str) -> str | None:
    """The id of the farm that the account owns for longest, None where it owns none."""
    item = ports.store.get(keys.person(email))
    places = item.read(Person).memberships if item else {}
    owned = {farm: place.joined_at for farm, place in places.items() if place.role is Role.OWNER}
    return min(owned, key=owned.__getitem__, default=None)
