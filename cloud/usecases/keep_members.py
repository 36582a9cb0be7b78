"""Reads and changes who belongs to a farm: the farm's list and each person's own item, never one alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.members import check_has_owner
from cloud.domain.people import Members, Membership, Person
from cloud.ports import Absent, AtRevision, Item, Ports, Put, StoreUnavailable, Write
from cloud.usecases.close_socket import end_sockets
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.keep_cadence import pause_s

T = TypeVar("T")
_TRIES = 20


class Roll(NamedTuple):
    """Who belongs to a farm, by address; its revision orders all changes of that. 0: not kept yet."""

    farm: str
    members: dict[str, Membership]
    revision: int


class Move(NamedTuple):
    """What becomes of a member: another place, or none; `action` as the audit log has it."""

    action: str
    email: str
    place: Membership | None


def find_roll(ports: Ports, farm: str, asking: str) -> Roll:
    """Who belongs to `farm`: `asking` alone, where an older program kept no list."""
    item = ports.store.get(keys.members(farm))
    if item is not None:
        return Roll(farm, item.read(Members).members, item.revision)
    owner = ports.store.get(keys.person(asking))
    place = owner.read(Person).memberships.get(farm) if owner else None
    return Roll(farm, {asking: place} if place else {}, 0)


def roll_write(roll: Roll, members: dict[str, Membership]) -> Put:
    """What keeps `members`, unless the roll has changed since it was read."""
    item = Item.of(keys.members(roll.farm), Members(members), revision=roll.revision + 1)
    return Put(item, AtRevision(roll.revision) if roll.revision else Absent())


def seated(person: Person, farm: str, place: Membership | None) -> Person:
    """The person with that place in `farm`, or with none."""
    farms = {**person.memberships}
    farms.pop(farm, None)
    if place is not None:
        farms[farm] = place
    # An account of an older program, which this writes out, was made by the operator, who vouched for it.
    verified = person.verified or person.farm != ""
    return msgspec.structs.replace(person, farm="", farms=farms, verified=verified)


def person_write(person: Person, revision: int) -> Put:
    """What keeps the person, unless their item has changed since `revision`; 0: there was none."""
    item = Item.of(keys.person(person.email), person, revision=revision + 1)
    return Put(item, AtRevision(revision) if revision else Absent())


def move_member(
    ports: Ports, farm: str, asking: str, decide: Callable[[dict[str, Membership]], Move]
) -> Move:
    """Carries out what `decide` says of the farm's members, again whenever they change meanwhile.

    The member's pages of this farm end at once. Raises Fault `last_owner` (409), and whatever `decide`
    raises.
    """
    move = tried_again(lambda: _moved(ports, find_roll(ports, farm, asking), decide))
    end_sockets(ports, [farm], move.email)
    return move


def tried_again(attempt: Callable[[], T | None], pause: Callable[[float], None] = time.sleep) -> T:
    """What `attempt` gives, once nothing came between its reads and its commit (until then, None)."""
    for failed in range(_TRIES):
        if failed:
            pause(pause_s(failed))
        done = attempt()
        if done is not None:
            return done
    raise StoreUnavailable("who belongs to the farm changes faster than it can be written")


def _moved(ports: Ports, roll: Roll, decide: Callable[[dict[str, Membership]], Move]) -> Move | None:
    move = decide(roll.members)
    before = roll.members[move.email]
    if move.place == before:
        return move
    if move.place is not None and move.place.role is not before.role:
        begun = msgspec.structs.replace(move.place, since=roll.revision + 1)
        move = move._replace(place=begun)
    members = {email: place for email, place in roll.members.items() if email != move.email}
    if move.place is not None:
        members[move.email] = move.place
    check_has_owner(members)
    writes: list[Write] = [roll_write(roll, members)]
    item = ports.store.get(keys.person(move.email))
    if item is not None:
        writes.append(person_write(seated(item.read(Person), roll.farm, move.place), item.revision))
    act = Act(move.action, f"member {move.email}", _told(before), _told(move.place))
    return move if commit_audited(ports, roll.farm, act, writes) else None


def _told(place: Membership | None) -> dict[str, object] | None:
    return {"role": place.role, "clients": place.clients} if place else None
