"""A closed connection is forgotten, whoever closed it."""

from __future__ import annotations

from cloud.usecases.close_socket import close_socket
from tests.fakes.world import Farm, World


def test_connection_is_forgotten_and_others_stay(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.watch(farm, "c2")
    close_socket(world.ports, "c1")
    ids = sorted(key.sk + key.pk for key, item in world.store.items.items() if item.kind == "connection")
    assert ids == [f"connection#c2farm#{farm.farm}#connections", "connectionconnection#c2"]


def test_unknown_connection_is_nothing(world: World, farm: Farm) -> None:
    before = dict(world.store.items)
    close_socket(world.ports, "never-opened")
    assert world.store.items == before
    assert world.store.verbs[-1] == "get"
