"""What may be done in a farm by whom: each route and socket action declares one of these."""

from __future__ import annotations

from dataclasses import dataclass

from wire.people import Role

_ORDER = (Role.VIEWER, Role.OPERATOR, Role.OWNER)


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may: members of at least `role`.

    `whole_farm`: not who is limited to some clients. `in_person`: not by an API token, so that a stolen
    one makes no others and lets nobody in.
    """

    role: Role
    whole_farm: bool = False
    in_person: bool = False


VIEW = Permission(Role.VIEWER)
VIEW_FARM = Permission(Role.VIEWER, whole_farm=True)
VIEW_IN_PERSON = Permission(Role.VIEWER, in_person=True)
OPERATE = Permission(Role.OPERATOR)
OPERATE_FARM = Permission(Role.OPERATOR, whole_farm=True)
OWN = Permission(Role.OWNER, whole_farm=True)
OWN_IN_PERSON = Permission(Role.OWNER, whole_farm=True, in_person=True)


@dataclass(frozen=True, slots=True)
class Seat:
    """A member's place in a farm; `clients`: whose machines alone they see, None for all."""

    role: Role
    clients: frozenset[str] | None = None

    def sees(self, client: str | None) -> bool:
        """Whether machines of `client` (None: the farm's own) are shown."""
        return self.clients is None or (client is not None and client in self.clients)


def at_least(role: Role, wanted: Role) -> bool:
    """Whether `role` may do whatever `wanted` may."""
    return _ORDER.index(role) >= _ORDER.index(wanted)


def weaker(seat: Seat, other: Seat) -> Seat:
    """What both seats may: of an API token and of the person behind it."""
    role = min(seat.role, other.role, key=_ORDER.index)
    if seat.clients is None or other.clients is None:
        return Seat(role, other.clients if seat.clients is None else seat.clients)
    return Seat(role, seat.clients & other.clients)
