"""Finding versions, and saying who uses them."""

from __future__ import annotations

from cloud.domain.playbooks import Book, Head
from cloud.usecases.find_playbooks import find_book, find_version, find_versions, in_words, rigs_of, uses_of
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book
from wire.templates import Use

_HEAD = Head("Zeta", 1, "xmrig", "1")
_WANTED = {"a": {"machine_2": 1, "machine_1": 1}, "b": {"machine_1": 1}}


def test_a_farm_without_a_book_has_an_empty_one(world: World, farm: Farm) -> None:
    assert find_book(world.ports, farm.farm) == (Book(), 0)
    assert find_version(world.ports, farm.farm, "playbook_x") is None


def test_versions_are_found_by_number(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    found = find_versions(world.ports, farm.farm, [(ids.playbook, 1), (ids.playbook, 2)])
    assert [*found] == [(ids.playbook, 1)]
    assert find_version(world.ports, farm.farm, ids.playbook) == found[ids.playbook, 1]
    assert find_version(world.ports, farm.farm, ids.playbook, 2) is None


def test_uses_are_by_name_with_their_rigs() -> None:
    heads = {"a": _HEAD, "b": Head("beta", 1, "xmrig", "1")}
    assert uses_of(heads, _WANTED) == (Use("b", "beta", 1), Use("a", "Zeta", 2))
    assert rigs_of(heads, _WANTED) == ["machine_1", "machine_2"]
    assert rigs_of({"b": _HEAD}, _WANTED) == ["machine_1"]
    assert rigs_of({"c": _HEAD}, _WANTED) == []


def test_names_of_many_are_cut() -> None:
    uses = tuple(Use(name, name, 0) for name in "abcdefg")
    assert in_words(uses[:5]) == "a, b, c, d, e"
    assert in_words(uses) == "a, b, c, d, e and 2 more"
