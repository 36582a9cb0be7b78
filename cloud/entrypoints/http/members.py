"""Who belongs to a farm, as its owners decide, and leaving it."""

from __future__ import annotations

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.change_member import change_member
from cloud.usecases.leave_farm import leave_farm
from cloud.usecases.list_members import list_members
from cloud.usecases.remove_member import remove_member
from wire.people import MemberChange


def get_members(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_members(ports, person.farm, person.email))


def patch_member(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    change = request.json(MemberChange)
    return Reply(change_member(ports, person.farm, person.email, request.path["member"], change))


def delete_member(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    remove_member(ports, person.farm, person.email, request.path["member"])
    return Reply(status=204)


def delete_membership(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    leave_farm(ports, person.farm, person.email)
    return Reply(status=204)
