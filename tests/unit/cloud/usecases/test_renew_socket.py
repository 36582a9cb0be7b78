"""A ping keeps connection and watch alive, a look quickens; a forgotten connection is told to close."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.records import Cadence
from cloud.ports import Put, StoreUnavailable
from cloud.usecases.change_farm import change_farm_settings
from cloud.usecases.close_socket import close_socket
from cloud.usecases.keep_cadence import change_cadence, find_cadence
from cloud.usecases.renew_socket import VISIBLE_MAX, renew_socket
from cloud.usecases.sign_out import sign_out
from tests.fakes.edges import new_edge
from tests.fakes.people import member
from tests.fakes.reports import NOW, report
from tests.fakes.world import Farm, Sentry, World
from wire.live import FarmSettings, Pong
from wire.people import Role


def _cadence(world: World, farm: Farm) -> Cadence:
    return find_cadence(world.ports, farm.farm)


def test_ping_is_answered_and_prolongs_all_three(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.clock.advance(80)
    assert renew_socket(world.ports, "c1") is True
    assert world.sockets.read("c1") == [Pong(NOW + 80)]
    kept = [keys.connection("c1"), keys.farm_connection(farm.farm, "c1")]
    assert [world.store.items[key].expires_at for key in kept] == [NOW + 80 + 90] * 2
    assert _cadence(world, farm).watched_until == NOW + 80 + 90


def test_silent_page_lapses_after_ninety_seconds(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.clock.advance(90)
    assert renew_socket(world.ports, "c1") is False
    assert world.sockets.sent == {}


def test_unknown_or_closed_connection(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    close_socket(world.ports, "c1")
    before = dict(world.store.items)
    for connection in ("c1", "never"):
        assert renew_socket(world.ports, connection) is False
        assert world.look(connection, "machine_1") is False
    assert world.store.items == before


def test_connection_that_takes_no_answer_is_gone(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.sockets.gone = {"c1"}
    assert renew_socket(world.ports, "c1") is False


def test_a_socket_ends_with_its_session(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    sign_out(world.ports, farm.email, world.person(farm).session)
    assert renew_socket(world.ports, "c1") is False
    assert world.sockets.sent == {}


def test_a_page_whose_session_ended_looks_at_nothing(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    sign_out(world.ports, farm.email, world.person(farm).session)
    before = dict(world.store.items)
    assert world.look("c1", sentry.machine) is False
    assert world.store.items == before


def _asked(world: World, sentry: Sentry) -> tuple[float, float]:
    answer = world.report(sentry, report(sentry.machine))
    return answer.sample_interval_s, answer.report_interval_s


QUICK, USUAL = (5, 5), (10, 60)


def test_what_is_looked_at_is_quickened_and_nothing_else(world: World, farm: Farm) -> None:
    seen, unseen = world.sentry(farm, "seen"), world.sentry(farm, "unseen")
    world.watch(farm, "c1")
    assert _asked(world, seen) == USUAL
    assert world.look("c1", seen.machine) is True
    assert (_asked(world, seen), _asked(world, unseen)) == (QUICK, USUAL)


def test_a_look_lapses_after_ninety_seconds_unless_it_is_repeated(
    world: World, farm: Farm, sentry: Sentry
) -> None:
    world.watch(farm, "c1")
    world.look("c1", sentry.machine)
    world.clock.advance(60)
    world.look("c1", sentry.machine)
    world.clock.advance(89)
    assert _asked(world, sentry) == QUICK
    world.clock.advance(1)
    assert _asked(world, sentry) == USUAL


def test_a_ping_alone_quickens_nothing_longer(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    world.look("c1", sentry.machine)
    world.clock.advance(89)
    renew_socket(world.ports, "c1")
    world.clock.advance(1)
    assert _asked(world, sentry) == USUAL


@pytest.mark.parametrize(("report_s", "visible"), [(3600, QUICK), (10, QUICK), (None, QUICK)])
def test_quickened_whatever_the_farms_pace(
    world: World, farm: Farm, sentry: Sentry, report_s: float | None, visible: tuple[float, float]
) -> None:
    change_farm_settings(world.ports, farm.farm, FarmSettings(report_interval_s=report_s))
    world.watch(farm, "c1")
    world.look("c1", sentry.machine)
    assert _asked(world, sentry) == visible


def test_at_most_fifty_and_those_looked_at_last_stay(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    for number in range(3):
        world.look("c1", *(f"machine_{number}_{index}" for index in range(30)))
        world.clock.advance(1)
    visible = _cadence(world, farm).visible
    assert len(visible) == VISIBLE_MAX == 50
    assert {f"machine_2_{index}" for index in range(30)} <= set(visible)
    assert not [machine for machine in visible if machine.startswith("machine_0")]


def test_two_windows_are_quickened_both(world: World, farm: Farm) -> None:
    one, two = world.sentry(farm, "one"), world.sentry(farm, "two")
    world.watch(farm, "c1")
    world.watch(farm, "c2")
    world.look("c1", one.machine)
    world.look("c2", two.machine)
    assert (_asked(world, one), _asked(world, two)) == (QUICK, QUICK)
    close_socket(world.ports, "c1")
    world.clock.advance(60)
    world.look("c2", two.machine)
    world.clock.advance(30)
    assert (_asked(world, one), _asked(world, two)) == (USUAL, QUICK)


def test_an_empty_look_ends_no_other_windows(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    world.look("c1", sentry.machine)
    assert world.look("c1") is True
    assert _asked(world, sentry) == QUICK


def test_lapsed_machines_are_forgotten_with_the_next_look(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.look("c1", "machine_1")
    world.clock.advance(80)
    renew_socket(world.ports, "c1")
    world.clock.advance(10)
    world.look("c1", "machine_2")
    assert _cadence(world, farm).visible == {"machine_2": NOW + 180}


def test_another_farms_look_quickens_nothing_of_ours(world: World, farm: Farm, sentry: Sentry) -> None:
    south = world.farm("South", "south@example.test")
    world.watch(south, "theirs")
    assert world.look("theirs", sentry.machine) is True
    assert _asked(world, sentry) == USUAL
    assert _cadence(world, farm) == Cadence()


def test_an_edge_is_looked_at_by_who_sees_the_whole_farm_alone(world: World, farm: Farm) -> None:
    edge = new_edge(world, farm)
    limited = member(world, farm, "ann@example.test", Role.OPERATOR, ("Ann",))
    world.watch(limited, "theirs")
    assert world.look("theirs", edge.agent) is True
    assert _cadence(world, farm).visible == {}
    world.watch(farm, "c1")
    assert world.look("c1", edge.agent) is True
    assert _cadence(world, farm).visible == {edge.agent: NOW + 90}


def test_ids_of_nobody_are_harmless(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    assert world.look("c1", "machine_x", "agent_1", sentry.machine, sentry.machine) is True
    assert _asked(world, sentry) == QUICK


def test_a_look_and_a_ping_at_one_moment_lose_neither(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    world.watch(farm, "c2")
    world.clock.advance(30)
    world.store.interruptions = [lambda: world.look("c2", "machine_2")]
    world.look("c1", sentry.machine)
    world.clock.advance(30)
    world.store.interruptions = [lambda: None, lambda: world.look("c2", "machine_3")]
    renew_socket(world.ports, "c1")
    assert set(_cadence(world, farm).visible) == {sentry.machine, "machine_2", "machine_3"}
    assert _cadence(world, farm).watched_until == NOW + 60 + 90


def test_a_watch_is_never_shortened(world: World, farm: Farm) -> None:
    """Two functions' clocks differ."""
    world.watch(farm, "c1")
    world.clock.advance(30)
    world.look("c1", "machine_1")
    world.clock.advance(-10)
    world.look("c1", "machine_2")
    renew_socket(world.ports, "c1")
    assert _cadence(world, farm).watched_until == NOW + 30 + 90


def test_looking_keeps_what_the_owner_set_up(world: World, farm: Farm) -> None:
    change_farm_settings(world.ports, farm.farm, FarmSettings(360, 600, 900))
    world.watch(farm, "c1")
    world.look("c1", "machine_1")
    renew_socket(world.ports, "c1")
    assert _cadence(world, farm).settings == FarmSettings(360, 600, 900)


def _unending(world: World) -> None:
    """From now on somebody else changes the farm's cadence just before each write of it."""

    def interrupt() -> None:
        world.clock.advance(0.001)
        # The other's own write takes the first of these two.
        world.store.interruptions[:] = [lambda: None, interrupt]
        change_cadence(
            world.ports, farm, lambda cadence: replace(cadence, watched_until=cadence.watched_until + 0.001)
        )

    (farm,) = (key.pk.removeprefix("farm#") for key in world.store.items if key.sk == "cadence")
    world.store.interruptions = [interrupt]


def test_a_look_that_cannot_be_noted_does_not_end_the_socket(
    world: World, farm: Farm, caplog: pytest.LogCaptureFixture
) -> None:
    world.watch(farm, "c1")
    _unending(world)
    assert world.look("c1", "machine_1") is True
    assert _cadence(world, farm).visible == {}
    assert "faster than it can be written" in caplog.text


def test_a_watch_that_cannot_be_noted_ends_no_ping(
    world: World, farm: Farm, caplog: pytest.LogCaptureFixture
) -> None:
    world.watch(farm, "c1")
    world.clock.advance(60)
    _unending(world)
    world.store.interruptions.insert(0, lambda: None)  # the connection's own items
    assert renew_socket(world.ports, "c1") is True
    assert "faster than it can be written" in caplog.text


def test_a_store_that_keeps_no_connection_does(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.store.failures = [None, None, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        renew_socket(world.ports, "c1")


def _writes_of_the_cadence(world: World, farm: Farm) -> int:
    key = keys.cadence(farm.farm)
    puts = (write for call in world.store.calls for write in call.about if isinstance(write, Put))
    return sum(put.item.key == key for put in puts)


def test_pages_that_open_ping_and_look_at_once_write_the_cadence_once(world: World, farm: Farm) -> None:
    for number in range(20):
        world.watch(farm, f"c{number}")
        world.look(f"c{number}", "machine_1", "machine_2")
        renew_socket(world.ports, f"c{number}")
    assert _writes_of_the_cadence(world, farm) == 2


@pytest.mark.parametrize("late_s", [0, 5])
def test_what_pages_keep_looking_at_never_lapses_though_not_every_look_is_written(
    world: World, farm: Farm, sentry: Sentry, late_s: float
) -> None:
    """A page pings each 30 s and looks each 60 s, some seconds late; another began at another time."""
    world.watch(farm, "c1")
    world.look("c1", sentry.machine)
    for second in range(1, 600):
        world.clock.advance(1)
        for name, begun in (("c1", 0), ("c2", 19)):
            if second == 19 == begun:
                world.watch(farm, "c2")
                world.look("c2", sentry.machine)
            if second > begun and (second - begun) % (30 + late_s) == 0:
                renew_socket(world.ports, name)
            if second > begun and (second - begun) % (60 + late_s) == 0:
                world.look(name, sentry.machine)
        cadence = _cadence(world, farm)
        assert min(cadence.watched_until, cadence.visible[sentry.machine]) > world.clock()
