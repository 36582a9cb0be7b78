"""The rules of belonging to a farm: addresses, limits to clients, and an owner at all times."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

import msgspec

from cloud.domain.labels import SELECTORS, checked_text, is_visible, one_spelling
from cloud.domain.people import Invitation, Membership
from wire.faults import Fault
from wire.people import MemberView, Role

EMAIL_MAX, CLIENT_MAX = 320, 80
CLIENTS_MAX_BYTES = 5_000
"""Of one list of clients, as JSON: the lists of a person's farms are kept as one item."""
PLACES_MAX_BYTES = 330_000
"""Of a farm's members as JSON, which are kept as one item, with whoever is invited among them."""
_UNNAMED = "\U0001f400" * EMAIL_MAX
"""Who is invited without an address may have the longest."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")


def member_id(email: str) -> str:
    """What stands for a member in paths, so that no log keeps the address: 32 hex digits."""
    return hashlib.sha256(email.encode()).hexdigest()[:32]


def member_view(email: str, place: Membership) -> MemberView:
    """A member as owners see them."""
    return MemberView(member_id(email), email, place.role, place.clients, place.joined_at)


def canonical_email(text: str) -> str:
    """The one spelling of an address: in small letters, an accent as one with its letter."""
    return one_spelling(text.strip().lower())


def checked_email(text: str) -> str:
    """The address as accounts are kept under it; raises Fault `bad_email` (422)."""
    email = canonical_email(text)
    if len(email) > EMAIL_MAX or _EMAIL.match(email) is None:
        raise Fault("bad_email", "This is not an e-mail address.", "email")
    parts = re.split("[@.]", email)
    if not email.isprintable() or not SELECTORS.isdisjoint(email) or not all(map(_is_seen, parts)):
        raise Fault("bad_email", "An e-mail address has only letters and signs that can be seen.", "email")
    return email


def _is_seen(part: str) -> bool:
    return part == "" or is_visible(part)


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
    if len(msgspec.json.encode(once)) > CLIENTS_MAX_BYTES:
        message = f"The clients' names have more than {CLIENTS_MAX_BYTES:,} bytes together: name fewer."
        raise Fault("bad_clients", message, "clients")
    return once


def check_places(members: Mapping[str, Membership], invited: Sequence[Invitation]) -> None:
    """Raises Fault `limits_too_long` (409) when not all of them, once they are members, can be kept."""
    places = [*members.items(), *map(_expected, invited)]
    if sum(len(msgspec.json.encode(place)) + 2 for place in places) > PLACES_MAX_BYTES:
        message = (
            "The lists of clients of this farm's members and open invitations are too long together: "
            "name fewer clients, or withdraw an invitation."
        )
        raise Fault("limits_too_long", message, "clients", status=409)


def _expected(invited: Invitation) -> tuple[str, Membership]:
    return invited.email or _UNNAMED, Membership(invited.role, invited.clients, invited.expires_at)


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
