"""Makes the first account and its farm."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.labels import checked_name
from cloud.domain.members import checked_email
from cloud.domain.passwords import checked_password
from cloud.domain.people import Members, Membership, Person
from cloud.domain.records import Farm, FarmEntry
from cloud.ports import Absent, Item, Ports, Put, Write
from cloud.usecases.keep_audit import commit_audited, note_account
from wire.faults import Fault
from wire.people import Role


def create_owner(ports: Ports, email: str, password: str, farm_name: str) -> str:
    """Stores a person and a farm of theirs, and gives the farm's id.

    Raises Fault `bad_email`, `bad_name` or `bad_password` (422), or `account_exists` (409).
    """
    now, email, name = ports.clock(), checked_email(email), checked_name(farm_name)
    farm = Farm(ports.randomness.new_id("farm"), name, now)
    place = Membership(Role.OWNER, None, now)
    password_hash = ports.passwords.hash(checked_password(password, email))
    person = Person(email, "", password_hash, now, farms={farm.farm: place}, verified=True)
    writes = [*farm_writes(farm, email, place), Put(Item.of(keys.person(email), person), Absent())]
    act = Act("create_farm", f"farm {farm.farm}", after={"name": name, "owner": email})
    if not commit_audited(ports, farm.farm, act, writes):
        raise Fault("account_exists", f"There is an account for {email} already.", status=409)
    note_account(ports, Act("create_account", f"account {email}", after={"farm": farm.farm}))
    return farm.farm


def farm_writes(farm: Farm, email: str, place: Membership) -> list[Write]:
    """What makes a new farm of one member."""
    return [
        Put(Item.of(keys.farm(farm.farm), farm), Absent()),
        Put(Item.of(keys.farm_entry(farm.farm), FarmEntry(farm.farm))),
        Put(Item.of(keys.members(farm.farm), Members({email: place})), Absent()),
    ]
