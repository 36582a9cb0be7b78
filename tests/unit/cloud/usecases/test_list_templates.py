"""The address book, by name."""

from __future__ import annotations

from cloud.usecases.list_templates import list_templates
from cloud.usecases.save_pool import add_pool
from cloud.usecases.save_wallet import add_wallet
from tests.fakes.templates import pool, wallet
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book
from wire.templates import TemplateBook, Use


def test_a_new_farm_has_an_empty_book(world: World, farm: Farm) -> None:
    assert list_templates(world.ports, farm.farm) == TemplateBook((), ())


def test_it_is_in_the_order_of_names_with_what_uses_each(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    for name in ("zone", "asia"):
        add_pool(world.ports, farm.farm, pool(name))
        add_wallet(world.ports, farm.farm, wallet(name))
    book = list_templates(world.ports, farm.farm)
    assert [each.entry.name for each in book.pools] == ["asia", "Europe", "zone"]
    assert [each.entry.name for each in book.wallets] == ["Ann", "asia", "zone"]
    assert [each.used for each in book.pools] == [(), (Use(ids.playbook, "Monero", 0),), ()]


def test_another_farms_book_is_another(world: World, farm: Farm) -> None:
    filled_book(world, farm)
    south = world.farm("South", "south@example.test")
    assert list_templates(world.ports, south.farm) == TemplateBook((), ())
