"""What is in use is not deleted by accident."""

from __future__ import annotations

import pytest

from cloud.usecases.delete_playbook import delete_playbook
from cloud.usecases.delete_template import delete_pool, delete_wallet
from cloud.usecases.list_templates import list_templates
from cloud.usecases.save_playbook import add_playbook
from tests.fakes.templates import draft
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book
from tests.unit.cloud.usecases.seats import acts, fault_of
from wire.faults import Fault
from wire.templates import TemplateBook


def test_a_template_in_use_stays_and_says_where_it_is_used(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    for number in range(6):
        add_playbook(world.ports, farm.farm, draft(ids.pool, ids.wallet, f"more {number}"))
    for delete, template in ((delete_pool, ids.pool), (delete_wallet, ids.wallet)):
        with pytest.raises(Fault, match=r"used by Monero, more 0, .*more 3 and 2 more\.") as caught:
            delete(world.ports, farm.farm, template)
        assert fault_of(caught) == ("template_in_use", 409)


def test_what_nothing_uses_is_deleted(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    delete_playbook(world.ports, farm.farm, ids.playbook)
    delete_pool(world.ports, farm.farm, ids.pool)
    delete_wallet(world.ports, farm.farm, ids.wallet)
    assert list_templates(world.ports, farm.farm) == TemplateBook((), ())
    assert [line.action for line in acts(world, farm.farm)][-2:] == ["delete_pool", "delete_wallet"]


def test_what_is_not_there_is_unknown(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    with pytest.raises(Fault) as caught:
        delete_pool(world.ports, farm.farm, ids.wallet)
    assert fault_of(caught) == ("pool_unknown", 404)
    with pytest.raises(Fault) as caught:
        delete_wallet(world.ports, farm.farm, ids.pool)
    assert fault_of(caught) == ("wallet_unknown", 404)


def test_nothing_is_deleted_while_somebody_begins_to_use_it(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    delete_playbook(world.ports, farm.farm, ids.playbook)
    begun = draft(ids.pool, ids.wallet)
    world.store.interruptions = [lambda: add_playbook(world.ports, farm.farm, begun)]
    with pytest.raises(Fault) as caught:
        delete_pool(world.ports, farm.farm, ids.pool)
    assert fault_of(caught) == ("try_again", 409)
    assert len(list_templates(world.ports, farm.farm).pools) == 1
