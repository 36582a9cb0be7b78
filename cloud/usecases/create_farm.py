"""Makes another farm for somebody who has an account."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.labels import checked_name
from cloud.domain.people import Membership, Person
from cloud.domain.records import Farm
from cloud.ports import Ports
from cloud.usecases.admit_person import check_room_for_farm
from cloud.usecases.create_owner import farm_writes
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.keep_members import person_write, seated, tried_again
from wire.faults import Fault
from wire.people import FarmSeat, Role


def create_farm(ports: Ports, email: str, name: str) -> FarmSeat:
    """Its owner is the account; raises Fault `bad_name` (422) or `too_many_farms` (409)."""
    farm = Farm(ports.randomness.new_id("farm"), checked_name(name), ports.clock())
    tried_again(lambda: _store(ports, email, farm) or None)
    return FarmSeat(farm.farm, farm.name, Role.OWNER)


def _store(ports: Ports, email: str, farm: Farm) -> bool:
    item = ports.store.get(keys.person(email))
    if item is None:
        raise Fault("not_signed_in", "Please sign in.", status=401)
    person, place = item.read(Person), Membership(Role.OWNER, None, farm.created_at)
    check_room_for_farm(ports, person)
    writes = [*farm_writes(farm, email, place), person_write(seated(person, farm.farm, place), item.revision)]
    act = Act("create_farm", f"farm {farm.farm}", after={"name": farm.name, "owner": email})
    return commit_audited(ports, farm.farm, act, writes)
