"""The book and the versions that follow from its change are written together, or not at all."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.playbooks import TEMPLATES_MAX, Book, StoredPool
from cloud.ports import ItemTooLarge
from cloud.usecases.find_playbooks import find_book
from cloud.usecases.keep_book import check_free, check_room, commit_book, next_version
from tests.fakes.templates import pool
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book, version
from tests.unit.cloud.usecases.seats import fault_of
from wire.faults import Fault

_ACT = Act("try", "thing x")


def test_heads_are_those_of_the_versions(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    book, revision = find_book(world.ports, farm.farm)
    before = version(world, farm, ids.playbook)
    made = next_version(world.ports, before, before.pools, "for a try")
    commit_book(world.ports, farm.farm, revision, book, _ACT, [made])
    assert find_book(world.ports, farm.farm)[0].playbooks[ids.playbook].version == 2
    assert version(world, farm, ids.playbook) == made


def test_an_older_book_is_not_written_over_a_newer_one(world: World, farm: Farm) -> None:
    filled_book(world, farm)
    _, revision = find_book(world.ports, farm.farm)
    for older in (0, revision - 1):
        with pytest.raises(Fault) as caught:
            commit_book(world.ports, farm.farm, older, Book(), _ACT)
        assert fault_of(caught) == ("try_again", 409)


def test_a_version_is_never_written_over(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    book, revision = find_book(world.ports, farm.farm)
    before = world.store.items[keys.version(farm.farm, ids.playbook, 1)]
    with pytest.raises(Fault) as caught:
        commit_book(world.ports, farm.farm, revision, book, _ACT, [version(world, farm, ids.playbook)])
    assert fault_of(caught) == ("try_again", 409)
    assert world.store.items[before.key] == before


def test_a_book_that_is_too_long_is_refused_and_the_old_one_stays(world: World, farm: Farm) -> None:
    book, revision = find_book(world.ports, farm.farm)
    long = StoredPool(pool("x" * 80, "a.example:1"), 1.0, "ann" * 80)
    pools = {f"pool_{number}": long for number in range(1000)}
    with pytest.raises(ItemTooLarge):
        commit_book(world.ports, farm.farm, revision, Book(pools=pools), _ACT)
    assert find_book(world.ports, farm.farm) == (book, revision)


def test_room_and_names() -> None:
    check_room(TEMPLATES_MAX - 1, "pools")
    with pytest.raises(Fault, match="at most 200 pools"):
        check_room(TEMPLATES_MAX, "pools")
    check_free("a", ["b"], "pool")
    with pytest.raises(Fault, match="a pool with this name"):
        check_free("Straße", ["STRASSE"], "pool")
