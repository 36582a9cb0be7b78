"""A ping keeps connection and watch alive; a forgotten connection is told to close."""

from __future__ import annotations

from cloud.domain import keys
from cloud.usecases.close_socket import close_socket
from cloud.usecases.renew_socket import renew_socket
from cloud.usecases.sign_out import sign_out
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, World
from wire.live import Pong


def test_ping_is_answered_and_prolongs_all_three(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.clock.advance(80)
    assert renew_socket(world.ports, "c1") is True
    assert world.sockets.read("c1") == [Pong(NOW + 80)]
    kept = [keys.connection("c1"), keys.farm_connection(farm.farm, "c1"), keys.watch(farm.farm)]
    assert [world.store.items[key].expires_at for key in kept] == [NOW + 80 + 90] * 3


def test_silent_page_lapses_after_ninety_seconds(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.clock.advance(90)
    assert renew_socket(world.ports, "c1") is False
    assert world.sockets.sent == {}


def test_unknown_or_closed_connection(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    close_socket(world.ports, "c1")
    before = dict(world.store.items)
    assert renew_socket(world.ports, "c1") is False
    assert renew_socket(world.ports, "never") is False
    assert world.store.items == before


def test_connection_that_takes_no_answer_is_gone(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.sockets.gone = {"c1"}
    assert renew_socket(world.ports, "c1") is False


def test_a_socket_ends_with_its_session(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    sign_out(world.ports, world.person(farm))
    assert renew_socket(world.ports, "c1") is False
    assert world.sockets.sent == {}
