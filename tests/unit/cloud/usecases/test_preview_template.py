"""What a change would do is told before, and nothing is done."""

from __future__ import annotations

import pytest

from cloud.usecases.preview_template import preview_pool, preview_wallet
from cloud.usecases.save_playbook import add_playbook
from cloud.usecases.save_pool import add_pool
from tests.fakes.templates import draft, pool, wallet
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book
from tests.unit.cloud.usecases.seats import fault_of
from wire.faults import Fault
from wire.templates import TemplateImpact, Use


def test_old_and_new_stand_beside_each_other(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    other = add_pool(world.ports, farm.farm, pool("Asia"))
    add_playbook(world.ports, farm.farm, draft(other.pool, ids.wallet, "Another"))
    before = world.kept()
    used = (Use(ids.playbook, "Monero", 0),)
    moved = preview_pool(world.ports, farm.farm, ids.pool, pool(address="b.example:1", tls=True))
    text = ("pool.example:3333, without TLS", "b.example:1, with TLS")
    assert moved == TemplateImpact(*text, used, 0, "OTHER")
    paid = preview_wallet(world.ports, farm.farm, ids.wallet, wallet(address="another"))
    assert (paid.before, paid.after, paid.coin) == ("an-account", "another", "OTHER")
    assert [use.name for use in paid.playbooks] == ["Another", "Monero"]
    assert world.kept() == before


def test_another_name_touches_nothing(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    assert preview_pool(world.ports, farm.farm, ids.pool, pool("Asia")).playbooks == ()
    assert preview_wallet(world.ports, farm.farm, ids.wallet, wallet("Bob")).playbooks == ()


def test_it_refuses_what_the_change_would(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    with pytest.raises(Fault) as caught:
        preview_wallet(world.ports, farm.farm, ids.wallet, wallet(address="x", coin="BTC"))
    assert fault_of(caught) == ("bad_address", 422)
    with pytest.raises(Fault) as caught:
        preview_pool(world.ports, farm.farm, ids.pool, pool(coin="XMR"))
    assert fault_of(caught) == ("wrong_coin", 422)
    with pytest.raises(Fault) as caught:
        preview_pool(world.ports, farm.farm, "pool_x", pool())
    assert fault_of(caught) == ("pool_unknown", 404)
