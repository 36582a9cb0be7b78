"""The rules of belonging to a farm: addresses, limits to clients, and an owner at all times."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from cloud.domain.labels import checked_text
from cloud.domain.people import Membership
from wire.faults import Fault
from wire.people import MemberView, Role

EMAIL_MAX, CLIENT_MAX = 320, 80
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")


def member_id(email: str) -> str:
    """What stands for a member in paths, so that no log keeps the address: 32 hex digits."""
    return hashlib.sha256(email.encode()).hexdigest()[:32]


def member_view(email: str, place: Membership) -> MemberView:
    """A member as owners see them."""
    return MemberView(member_id(email), email, place.role, place.clients, place.joined_at)


def checked_email(text: str) -> str:
    """The address as accounts are kept under it; raises Fault `bad_email` (422)."""
    email = text.strip().lower()
    if len(email) > EMAIL_MAX or not email.isprintable() or _EMAIL.match(email) is None:
        raise Fault("bad_email", "This is not an e-mail address.", "email")
    return email


def checked_clients(role: Role, clients: Sequence[str] | None) -> tuple[str, ...] | None:
    """Each client once, None for all; raises Fault `owner_sees_all`, `bad_clients` or `bad_label` (422)."""
    if clients is None:
        return None
    if role is Role.OWNER:
        message = "An owner sees the whole farm: leave the clients out, or choose another role."
        raise Fault("owner_sees_all", message, "clients")
    checked = (checked_text(client, "clients", CLIENT_MAX) for client in clients)
    once = tuple(dict.fromkeys(client for client in checked if client))
    if not once:
        raise Fault("bad_clients", "Name one client at least, or say null for all.", "clients")
    return once


def check_has_owner(members: Mapping[str, Membership]) -> None:
    """Raises Fault `last_owner` (409) when nobody is left who decides."""
    if not any(place.role is Role.OWNER for place in members.values()):
        message = "A farm has an owner at all times: make somebody else an owner first."
        raise Fault("last_owner", message, status=409)


def check_owner(members: Mapping[str, Membership], email: str) -> None:
    """Raises Fault `not_allowed` (403) for who is no owner any more."""
    place = members.get(email)
    if place is None or place.role is not Role.OWNER:
        raise Fault("not_allowed", "You are not an owner of this farm any more.", status=403)


def find_member(members: Mapping[str, Membership], member: str) -> str:
    """The address of the member with that id; raises Fault `member_unknown` (404)."""
    for email in members:
        if member_id(email) == member:
            return email
    raise Fault("member_unknown", "There is no such member.", status=404)
