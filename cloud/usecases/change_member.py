"""Gives a member of a farm another role, or another limit to clients."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec import UNSET

from cloud.domain.members import check_owner, check_places, checked_clients, find_member, member_view
from cloud.domain.people import Membership
from cloud.ports import Ports
from cloud.usecases.find_invitation import open_invitations
from cloud.usecases.keep_members import Move, Roll, move_member
from wire.people import MemberChange, MemberView


def change_member(ports: Ports, farm: str, asking: str, member: str, change: MemberChange) -> MemberView:
    """What is left out of `change` stays; the member's pages of this farm open anew.

    Raises Fault `member_unknown` (404), `owner_sees_all`, `bad_clients` or `bad_label` (422),
    `last_owner` or `limits_too_long` (409), or `not_allowed` (403) when `asking` is an owner no more.
    """

    def decide(members: dict[str, Membership]) -> Move:
        check_owner(members, asking)
        email = find_member(members, member)
        place = _changed(members[email], change)
        if place.clients and place.clients != members[email].clients:
            check_places({**members, email: place}, open_invitations(ports, Roll(farm, members, 0)))
        return Move("change_member", email, place)

    move = move_member(ports, farm, asking, decide)
    return member_view(move.email, cast("Membership", move.place))


def _changed(place: Membership, change: MemberChange) -> Membership:
    role = place.role if change.role is UNSET else change.role
    clients = place.clients if change.clients is UNSET else change.clients
    return msgspec.structs.replace(place, role=role, clients=checked_clients(role, clients))
