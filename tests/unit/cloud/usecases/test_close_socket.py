"""A closed connection is forgotten, whoever closed it."""

from __future__ import annotations

from cloud.domain import tokens
from cloud.usecases.close_socket import close_socket, end_sockets, find_connections
from tests.fakes.people import member
from tests.fakes.world import OWNER, Farm, World
from wire.people import Role


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


def _open(world: World) -> list[str]:
    return sorted(key.pk for key, item in world.store.items.items() if key.pk.startswith("connection#"))


def test_a_persons_sockets_in_a_farm_end_and_nobody_elses(world: World, farm: Farm) -> None:
    other, south = member(world, farm, "b@example.test"), world.farm("South", "south@example.test")
    there = member(world, south, OWNER)._replace(cookie=farm.cookie)
    for who, connection in ((farm, "c1"), (farm, "c2"), (other, "c3"), (there, "c4"), (south, "c5")):
        world.watch(who, connection)
    end_sockets(world.ports, [farm.farm], OWNER)
    assert sorted(world.sockets.closed) == ["c1", "c2"]
    assert _open(world) == ["connection#c3", "connection#c4", "connection#c5"]
    assert [found.connection for found in find_connections(world.ports, farm.farm)] == ["c3"]
    end_sockets(world.ports, [farm.farm, south.farm], OWNER)
    assert _open(world) == ["connection#c3", "connection#c5"]


def test_those_of_one_session_alone(world: World, farm: Farm) -> None:
    again = member(world, farm, OWNER, Role.OWNER)
    world.watch(farm, "c1")
    world.watch(again, "c2")
    end_sockets(world.ports, [farm.farm], OWNER, tokens.sha256(again.cookie))
    assert world.sockets.closed == ["c2"]
    assert _open(world) == ["connection#c1"]
