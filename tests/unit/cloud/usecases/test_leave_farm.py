"""Members who leave."""

from __future__ import annotations

import pytest

from cloud.usecases.leave_farm import leave_farm
from tests.fakes.people import bearer_of, member
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, acts, fault_of, roles
from wire.faults import Fault
from wire.people import Role


@pytest.mark.parametrize("role", list(Role))
def test_anybody_but_the_last_owner_leaves(world: World, farm: Farm, role: Role) -> None:
    world.watch(member(world, farm, ANN, role), "ann's")
    bearer_of(world, farm.farm, ANN)
    leave_farm(world.ports, farm.farm, ANN)
    assert roles(world, farm.farm) == {OWNER: Role.OWNER}
    assert world.sockets.closed == ["ann's"]
    assert "apitoken" not in world.kinds()
    assert [(line.action, line.thing) for line in acts(world, farm.farm)] == [("leave_farm", f"member {ANN}")]


def test_the_last_owner_stays(world: World, farm: Farm) -> None:
    member(world, farm, ANN, Role.OPERATOR)
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        leave_farm(world.ports, farm.farm, OWNER)
    assert fault_of(caught) == ("last_owner", 409)
    assert world.store.items == before


def test_nobody_leaves_twice(world: World, farm: Farm) -> None:
    member(world, farm, ANN)
    world.store.interruptions = [lambda: leave_farm(world.ports, farm.farm, ANN)]
    with pytest.raises(Fault) as caught:
        leave_farm(world.ports, farm.farm, ANN)
    assert fault_of(caught) == ("member_unknown", 404)
    assert len(acts(world, farm.farm)) == 1
