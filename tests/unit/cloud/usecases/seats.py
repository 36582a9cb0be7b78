"""Who belongs to a farm, as the store has it; invitations to it; what its audit log says was done."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.people import AuditEntry, Members, Membership, Person
from cloud.ports import every
from cloud.usecases.invite_person import invite_person
from tests.fakes.world import Farm, World
from wire.faults import Fault
from wire.people import InvitationRequest, NewInvitation, Role

ANN, BOB, EVE = "ann@example.test", "bob@example.test", "eve@example.test"
UNKNOWN_SECRET = "x" * 43


def places(world: World, farm: str) -> dict[str, Membership]:
    """The farm's list, which must say what each person's own item says."""
    listed = world.store.items[keys.members(farm)].read(Members).members
    people = [item.read(Person) for item in world.store.items.values() if item.kind == "person"]
    assert listed == {p.email: p.memberships[farm] for p in people if farm in p.memberships}
    return listed


def roles(world: World, farm: str) -> dict[str, Role]:
    """The role of each member."""
    return {email: place.role for email, place in places(world, farm).items()}


def invited(
    world: World,
    farm: Farm,
    role: Role = Role.VIEWER,
    clients: tuple[str, ...] | None = None,
    email: str | None = None,
) -> NewInvitation:
    """An invitation by the farm's owner."""
    return invite_person(world.ports, farm.farm, farm.email, InvitationRequest(role, clients, email))


def secret_of(made: NewInvitation) -> str:
    """What stands in the invitation's link."""
    return made.link.partition("#/invitation/")[2]


def acts(world: World, farm: str) -> list[AuditEntry]:
    """The farm's audit log without its first line, which says that the farm was made."""
    prefix = keys.AUDIT_PREFIX
    found = every(world.store, keys.audit_pk(farm), prefix, prefix + "~")
    return [item.read(AuditEntry) for item in found][1:]


def fault_of(caught: pytest.ExceptionInfo[Fault]) -> tuple[str, int]:
    """Code and status of a refusal."""
    return caught.value.code, caught.value.status
