"""The function of the WebSocket API, whose answers reach nobody but by closing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cloud.bootstrap import AwsPorts
from cloud.domain import keys
from cloud.domain.permissions import VIEW
from cloud.gateway.events import socket_event
from cloud.usecases.authorise_person import Proof, authorise_account, authorise_person
from cloud.usecases.create_owner import create_owner
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.sign_in import sign_in
from cloud.usecases.sign_out import sign_out
from tests.fakes import management_api
from tests.fakes.functions import Handler
from tests.fakes.management_api import ManagementApi

PING = '{"type":"ping"}'


@pytest.fixture
def pages(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[ManagementApi]:
    with management_api.serving() as running:
        monkeypatch.setenv("RIG_SOCKET_ENDPOINT", f"{running.url}/live")
        yield running


@pytest.fixture
def cookie(ports: AwsPorts) -> str:
    create_owner(ports, "owner@example.org", "a good password", "The farm")
    return sign_in(ports, "owner@example.org", "a good password")


@pytest.fixture
def ticket(ports: AwsPorts, cookie: str) -> str:
    return issue_ticket(ports, authorise_person(ports, Proof(cookie), VIEW)).ticket


def test_a_page_connects_pings_and_leaves(
    pages: ManagementApi, start: Callable[[str], Handler], ports: AwsPorts, ticket: str
) -> None:
    handler = start("socket")
    assert handler(socket_event("$connect", "c1", query={"ticket": ticket}), None) == {"statusCode": 200}
    assert handler(socket_event("$default", "c1", PING), None) == {"statusCode": 200}
    (pong,) = pages.sent_to("c1")
    assert pong.startswith(b'{"type":"pong"')
    assert handler(socket_event("$disconnect", "c1"), None) == {"statusCode": 200}
    assert ports.store.get(keys.connection("c1")) is None


def test_a_used_ticket_opens_nothing(
    pages: ManagementApi, start: Callable[[str], Handler], ticket: str
) -> None:
    handler = start("socket")
    statuses = [
        handler(socket_event("$connect", connection, query={"ticket": ticket}), None)["statusCode"]
        for connection in ("c1", "c2")
    ]
    assert statuses == [200, 401]
    assert pages.asked == []


def test_a_page_that_signed_out_is_closed(
    pages: ManagementApi, start: Callable[[str], Handler], ports: AwsPorts, ticket: str, cookie: str
) -> None:
    handler = start("socket")
    handler(socket_event("$connect", "c1", query={"ticket": ticket}), None)
    account = authorise_account(ports, cookie)
    sign_out(ports, account.email, account.session)
    handler(socket_event("$default", "c1", PING), None)
    assert [(asked.method, asked.path) for asked in pages.asked] == [("DELETE", "/live/@connections/c1")]


def test_rubbish_closes_nothing(pages: ManagementApi, start: Callable[[str], Handler], ticket: str) -> None:
    handler = start("socket")
    handler(socket_event("$connect", "c1", query={"ticket": ticket}), None)
    assert handler(socket_event("$default", "c1", "{"), None) == {"statusCode": 400}
    assert pages.asked == []
