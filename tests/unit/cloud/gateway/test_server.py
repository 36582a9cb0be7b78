"""The server of one machine: page, HTTP and socket together, with real parts below."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from starlette.applications import Starlette

from cloud.bootstrap import LocalCommander, on_one_machine
from cloud.domain import keys
from cloud.domain.permissions import VIEW
from cloud.domain.policy import Policy
from cloud.gateway.server import SECURITY_HEADERS, create_server, do_every, rounds
from cloud.settings import Settings
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.forget_password import forget_password
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.keep_beat import known_outages
from cloud.usecases.publish_live import publish_live
from cloud.usecases.sign_in import sign_in
from tests.fakes.asgi import AsgiClient, socket_talk
from tests.fakes.mail import FakeMail
from tests.fakes.world import OWNER, PASSWORD
from wire.live import MachinesChanged, Pong, ToPage
from wire.messages import AgentKind

HOST = "127.0.0.1"
URL = f"http://{HOST}"


@pytest.fixture
def commander(tmp_path: Path) -> Iterator[LocalCommander]:
    made = on_one_machine(Settings(URL, Policy()), tmp_path / "store.sqlite")
    yield made
    made.close()


@pytest.fixture
def server(commander: LocalCommander, tmp_path: Path) -> Starlette:
    web = tmp_path / "web"
    web.mkdir()
    (web / "index.html").write_text("<!doctype html><title>page</title>")
    return create_server(commander, web, [HOST])


@pytest.fixture
def client(server: Starlette) -> AsgiClient:
    return AsgiClient(server, URL)


def _ticket(commander: LocalCommander) -> tuple[str, str]:
    farm = create_owner(commander.ports, OWNER, PASSWORD, "North")
    person = authorise_person(commander.ports, Proof(sign_in(commander.ports, OWNER, PASSWORD)), VIEW)
    return farm, issue_ticket(commander.ports, person).ticket


@pytest.mark.parametrize("path", ["/", "/v1/session", "/v1/none", "/none.js"])
def test_every_answer_carries_the_security_headers(client: AsgiClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)


def test_page_is_served_and_asked_for_anew(client: AsgiClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.text) == (200, "<!doctype html><title>page</title>")
    assert answer.headers["cache-control"] == "no-cache"


def test_nothing_beside_the_page_is_served(client: AsgiClient) -> None:
    assert client.get("/%2e%2e/store.sqlite").status_code == 404
    assert client.get("/..%2fstore.sqlite").status_code == 404


@pytest.mark.parametrize("path", ["/v1/machines/a%0Ab", "/v1/%0A"])
def test_a_line_break_in_a_path_is_refused_in_our_shape(client: AsgiClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_other_host_names_are_refused(client: AsgiClient) -> None:
    assert client.get("/v1/session", headers={"Host": "evil.test"}).status_code == 400


def test_socket_with_a_ticket_is_answered_and_forgotten_when_it_closes(
    server: Starlette, commander: LocalCommander
) -> None:
    farm, ticket = _ticket(commander)
    said = socket_talk(server, f"ticket={ticket}", ['{"type":"ping"}'], answers=1)
    assert [message["type"] for message in said] == ["websocket.accept", "websocket.send"]
    assert isinstance(msgspec.json.decode(said[1]["text"], type=ToPage), Pong)
    pk = keys.connections_pk(farm)
    assert list(commander.ports.store.query(pk, "!", "~").items) == []


def test_socket_is_told_of_changes(server: Starlette, commander: LocalCommander) -> None:
    farm, ticket = _ticket(commander)
    commander.changes.start(lambda changes: publish_live(commander.ports, changes))

    def add() -> None:
        create_agent(commander.ports, farm, "new", AgentKind.CPU_GPU)

    said = socket_talk(server, f"ticket={ticket}", ['{"type":"ping"}'], answers=2, meanwhile=add)
    told = [type(msgspec.json.decode(message["text"], type=ToPage)) for message in said[1:]]
    assert told == [Pong, MachinesChanged]


def test_page_may_say_nonsense_and_go_on(server: Starlette, commander: LocalCommander) -> None:
    _, ticket = _ticket(commander)
    texts = ["nonsense", "{", '{"type":"ping"}']
    said = socket_talk(server, f"ticket={ticket}", texts, answers=1)
    assert [message["type"] for message in said] == ["websocket.accept", "websocket.send"]


def _denial(server: Starlette, query: str) -> tuple[int, str]:
    start, body, *_ = socket_talk(server, query, [], answers=1)
    assert start["type"] == "websocket.http.response.start"
    return start["status"], msgspec.json.decode(body["body"])["error"]["code"]


@pytest.mark.parametrize("query", ["", "ticket=", "ticket=made-up", "other=x"])
def test_socket_without_a_good_ticket_is_denied_in_our_shape(server: Starlette, query: str) -> None:
    assert _denial(server, query) == (401, "ticket_refused")


def test_used_ticket_is_denied(server: Starlette, commander: LocalCommander) -> None:
    _, ticket = _ticket(commander)
    socket_talk(server, f"ticket={ticket}", ['{"type":"ping"}'], answers=1)
    assert _denial(server, f"ticket={ticket}") == (401, "ticket_refused")


def test_socket_is_denied_in_other_words_while_the_store_is_away(
    server: Starlette, commander: LocalCommander
) -> None:
    _, ticket = _ticket(commander)
    commander.store.close()
    assert _denial(server, f"ticket={ticket}") == (503, "store_unavailable")


async def _run_once(server: Starlette) -> None:
    async with server.router.lifespan_context(server):
        pass


def test_a_restart_is_an_outage_of_the_commander(tmp_path: Path) -> None:
    """While it was away nobody could report."""
    (tmp_path / "web").mkdir()
    for _ in range(3):
        made = on_one_machine(Settings(URL, Policy()), tmp_path / "store.sqlite")
        asyncio.run(_run_once(create_server(made, tmp_path / "web", [HOST])))
    made = on_one_machine(Settings(URL, Policy()), tmp_path / "store.sqlite")
    assert len(known_outages(made.ports)) == 2
    made.close()


def test_letters_go_out_by_the_clock(commander: LocalCommander) -> None:
    create_owner(commander.ports, OWNER, PASSWORD, "North")
    mail = FakeMail()
    commander = replace(commander, ports=replace(commander.ports, mail=mail))
    forget_password(commander.ports, OWNER, "")
    for _, work in rounds(commander):
        work()
    assert [letter.to for letter in mail.sent] == [OWNER]


def test_a_timer_outlives_what_nobody_foresaw(caplog: pytest.LogCaptureFixture) -> None:
    async def rounds() -> int:
        done = asyncio.Event()
        loop, count = asyncio.get_running_loop(), 0

        def work() -> None:
            nonlocal count
            count += 1
            if count == 1:
                raise KeyError("an item that no version of ours wrote")
            loop.call_soon_threadsafe(done.set)

        timer = asyncio.create_task(do_every(0.001, work))
        await asyncio.wait_for(done.wait(), timeout=30)
        timer.cancel()
        return count

    assert asyncio.run(rounds()) >= 2
    assert "a timer's work was not done" in caplog.text


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND"])
def test_methods_that_no_route_takes_are_refused_in_our_shape(client: AsgiClient, method: str) -> None:
    answer = client.request(method, "/v1/sign-in")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert client.request(method, "/index.html").status_code == 405
