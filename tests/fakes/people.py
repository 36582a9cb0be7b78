"""Members of a farm other than its first owner, and their API tokens, straight from the store."""

from __future__ import annotations

import msgspec

from cloud.domain import keys, tokens
from cloud.domain.people import ApiToken, Members, Membership, Person
from cloud.ports import Item, Put
from cloud.usecases.open_session import open_session
from tests.fakes.world import PASSWORD, Farm, World
from wire.people import Role


def member(
    world: World, farm: Farm, email: str, role: Role = Role.VIEWER, clients: tuple[str, ...] | None = None
) -> Farm:
    """Somebody who belongs to the farm, signed in; whoever has an account belongs to one farm more."""
    place = Membership(role, clients, world.clock())
    key = keys.person(email)
    item = world.ports.store.get(key)
    person = item.read(Person) if item else Person(email, "", world.passwords.hash(PASSWORD), world.clock())
    _put(world, key, msgspec.structs.replace(person, farms={**person.memberships, farm.farm: place}))
    _put(world, keys.members(farm.farm), Members({**_members(world, farm.farm), email: place}))
    return Farm(farm.farm, email, open_session(world.ports, person))


def remove_member(world: World, farm: str, email: str) -> None:
    """They belong to the farm no more; whatever else was theirs stays."""
    person = world.store.items[keys.person(email)].read(Person)
    farms = {name: place for name, place in person.memberships.items() if name != farm}
    _put(world, keys.person(email), msgspec.structs.replace(person, farm="", farms=farms))
    left = {name: place for name, place in _members(world, farm).items() if name != email}
    _put(world, keys.members(farm), Members(left))


def bearer_of(
    world: World,
    farm: str,
    email: str,
    role: Role = Role.OWNER,
    clients: tuple[str, ...] | None = None,
    lasts_s: float = 3600,
) -> str:
    """The `Authorization` header of a new API token, whoever would have been allowed to make it."""
    token = tokens.Token(farm, world.ports.randomness.new_id("apitoken"), world.ports.randomness.new_secret())
    now, digest = world.clock(), tokens.sha256(token.secret)
    record = ApiToken(token.agent, "a program", email, digest, role, clients, now, now + lasts_s)
    item = Item.of(keys.api_token(farm, token.agent), record, expires_at=record.expires_at)
    world.ports.store.write(Put(item))
    return f"Bearer {token}"


def _members(world: World, farm: str) -> dict[str, Membership]:
    item = world.store.items.get(keys.members(farm))
    return item.read(Members).members if item else {}


def _put(world: World, key: keys.Key, record: Person | Members) -> None:
    old = world.store.items.get(key)
    world.ports.store.write(Put(Item.of(key, record, revision=old.revision + 1 if old else 1)))
