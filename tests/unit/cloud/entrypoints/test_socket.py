"""The three events of a page's socket."""

from __future__ import annotations

from typing import Any

import pytest

from cloud.app import CommanderApp, create_app
from cloud.domain import keys
from cloud.gateway.events import socket_event
from cloud.ports import StoreUnavailable
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.sign_out import sign_out
from tests.fakes.reports import NOW, report
from tests.fakes.world import Farm, Sentry, World
from wire.live import Pong


@pytest.fixture
def app(world: World) -> CommanderApp:
    return create_app(world.ports)


def _connect(app: CommanderApp, query: dict[str, str] | None, connection: str = "c1") -> dict[str, Any]:
    return dict(app.on_socket(socket_event("$connect", connection, query=query), None))


def _message(app: CommanderApp, body: str, connection: str = "c1") -> dict[str, Any]:
    return dict(app.on_socket(socket_event("$default", connection, body), None))


@pytest.fixture
def ticket(world: World, farm: Farm) -> str:
    return issue_ticket(world.ports, world.person(farm)).ticket


def test_ticket_opens_ping_is_answered_and_closing_forgets(
    world: World, app: CommanderApp, ticket: str
) -> None:
    assert _connect(app, {"ticket": ticket}) == {"statusCode": 200}
    assert _message(app, '{"type":"ping"}') == {"statusCode": 200}
    assert world.sockets.read("c1") == [Pong(NOW)]
    assert app.on_socket(socket_event("$disconnect", "c1"), None) == {"statusCode": 200}
    assert keys.connection("c1") not in world.store.items


def test_ticket_opens_one_socket_only(app: CommanderApp, ticket: str) -> None:
    assert _connect(app, {"ticket": ticket}, "c1") == {"statusCode": 200}
    assert _connect(app, {"ticket": ticket}, "c2") == {"statusCode": 401}


@pytest.mark.parametrize("query", [None, {}, {"ticket": ""}, {"ticket": "made-up"}, {"other": "x"}])
def test_without_a_good_ticket_the_door_stays_shut(
    world: World, app: CommanderApp, farm: Farm, query: dict[str, str] | None
) -> None:
    before = dict(world.store.items)
    assert _connect(app, query) == {"statusCode": 401}
    assert world.store.items == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("None", 400),
        ('{"type":"pong"}', 422),
        ("[]", 422),
        ("1", 422),
        ('{"type":"look"}', 422),
        ('{"type":"look","machines":["a#b"]}', 422),
        ('{"type":"look","machines":["m"' + ',"m"' * 50 + "]}", 422),
    ],
)
def test_anything_but_a_ping_or_a_look_is_refused_and_prolongs_nothing(
    world: World, app: CommanderApp, ticket: str, body: str, status: int
) -> None:
    _connect(app, {"ticket": ticket})
    before = dict(world.store.items)
    world.clock.advance(10)
    assert _message(app, body) == {"statusCode": status}
    assert world.store.items == before


def test_a_look_quickens_and_is_not_answered(
    world: World, app: CommanderApp, ticket: str, sentry: Sentry
) -> None:
    _connect(app, {"ticket": ticket})
    body = f'{{"type":"look","machines":["{sentry.machine}"]}}'
    assert _message(app, body) == {"statusCode": 200}
    assert world.sockets.sent == {}
    assert world.report(sentry, report(sentry.machine)).report_interval_s == 5


def test_a_look_of_an_unknown_connection_or_an_ended_session_is_told_that_it_is_gone(
    world: World, app: CommanderApp, farm: Farm, ticket: str, sentry: Sentry
) -> None:
    body = f'{{"type":"look","machines":["{sentry.machine}"]}}'
    assert _message(app, body) == {"statusCode": 410}
    _connect(app, {"ticket": ticket})
    sign_out(world.ports, farm.email, world.person(farm).session)
    assert _message(app, body) == {"statusCode": 410}
    assert world.report(sentry, report(sentry.machine)).report_interval_s == 60


def test_ping_of_an_unknown_connection_is_told_that_it_is_gone(app: CommanderApp) -> None:
    assert _message(app, '{"type":"ping"}') == {"statusCode": 410}


def test_large_message_is_refused(app: CommanderApp) -> None:
    assert _message(app, "x" * 300_000) == {"statusCode": 413}


def test_a_store_that_is_not_available_is_told_so_and_closes_nothing(
    world: World, app: CommanderApp, farm: Farm, ticket: str, caplog: pytest.LogCaptureFixture
) -> None:
    busy = StoreUnavailable("busy")
    world.store.failures = [None, None, busy]
    assert _connect(app, {"ticket": ticket}) == {"statusCode": 503}
    again = issue_ticket(world.ports, world.person(farm)).ticket
    assert _connect(app, {"ticket": again}) == {"statusCode": 200}
    for body in ('{"type":"ping"}', '{"type":"look","machines":["m1"]}'):
        world.store.failures = [busy]
        assert _message(app, body) == {"statusCode": 503}
    world.store.failures = [busy]
    assert app.on_socket(socket_event("$disconnect", "c1"), None) == {"statusCode": 503}
    assert _message(app, '{"type":"ping"}') == {"statusCode": 200}
    assert caplog.text.count("busy") == 4
