"""Accounts are written back as they were read, or not at all."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import AuditHead, Person
from cloud.usecases.change_account import change_account, find_account
from tests.fakes.world import OWNER, Farm, World
from wire.faults import Fault


def test_account_that_has_gone_is_not_signed_in(world: World) -> None:
    with pytest.raises(Fault) as caught:
        find_account(world.ports, OWNER)
    assert (caught.value.code, caught.value.status) == ("not_signed_in", 401)


@pytest.mark.parametrize("act", [None, Act("end_session", "session s")])
def test_change_and_its_line_are_written_or_neither(world: World, farm: Farm, act: Act | None) -> None:
    def lines() -> int:
        item = world.store.items.get(keys.audit_head(None))
        return item.read(AuditHead).number if item else 0

    item, before = find_account(world.ports, OWNER), lines()
    changed = msgspec.structs.replace(item.read(Person), verified=False)
    assert change_account(world.ports, item, changed, act) == find_account(world.ports, OWNER)
    assert find_account(world.ports, OWNER).read(Person) == changed
    with pytest.raises(Fault) as caught:
        change_account(world.ports, item, changed, act)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert lines() == before + (act is not None)
