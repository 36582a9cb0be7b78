"""A trial of a running commander finds what is wrong with it, and leaves nothing behind."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cloud.admin.site import Site
from cloud.admin.smoke import CHECKS, Visit, smoke
from cloud.bootstrap import LocalCommander, on_one_machine
from cloud.domain import keys
from cloud.domain.policy import Policy
from cloud.gateway.server import SECURITY_HEADERS, create_server
from cloud.ports import every
from cloud.settings import Settings
from cloud.usecases.create_owner import create_owner
from cloud.usecases.list_agents import list_agents
from tests.system.processes import free_port, wait_for

EMAIL, PASSWORD = "owner@example.org", "a good password"
NAMES = [name for name, _ in CHECKS]


class Faulty:
    """The commander behind something that answers `lies` itself and drops `stolen` headers."""

    def __init__(
        self, app: ASGIApp, lies: dict[tuple[str, str], tuple[int, object]], stolen: Sequence[str] = ()
    ) -> None:
        self._app, self._lies = app, lies
        self._stolen = [name.lower().encode() for name in stolen]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lie = self._lies.get((scope.get("method", ""), scope.get("path", "")))
        if lie is None:
            await self._app(scope, receive, self._robbing(send))
            return
        status, body = lie
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    def _robbing(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() not in self._stolen]
                message = {**message, "headers": kept}
            await send(message)

        return sending


class Tried:
    """A commander that was tried: what was said, and what is left in it."""

    def __init__(self, commander: LocalCommander, farm: str, url: str) -> None:
        self.commander, self.farm, self.url = commander, farm, url
        self.said: list[str] = []

    def trial(self, timeout_s: float = 2.0) -> bool:
        visit = Visit(Site(self.url, timeout_s), EMAIL, PASSWORD, SECURITY_HEADERS)
        return smoke(visit, self.said.append)

    def is_clean(self) -> bool:
        """No agent, no machine and no connection is left."""
        ports = self.commander.ports
        agents = list_agents(ports, self.farm).agents
        prefix = keys.MACHINE_PREFIX
        machines = list(every(ports.store, keys.farm_pk(self.farm), prefix, prefix + "~"))
        return agents == [] and machines == []


@contextmanager
def _serving(tmp_path: Path, wrap: Callable[[ASGIApp], ASGIApp]) -> Iterator[Tried]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (tmp_path / "index.html").write_text("<!doctype html><title>Rig Commander</title>")
    commander = on_one_machine(Settings(url, Policy()), tmp_path / "store.sqlite")
    farm = create_owner(commander.ports, EMAIL, PASSWORD, "The farm")
    asgi = wrap(create_server(commander, tmp_path, ["127.0.0.1"]))
    config = uvicorn.Config(asgi, port=port, log_level="error", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for("the gateway", lambda: server.started)
    try:
        yield Tried(commander, farm, url)
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[[Callable[[ASGIApp], ASGIApp]], Tried]]:
    """Serves a commander behind whatever wraps it, until the test ends."""
    running = []

    def serve(wrap: Callable[[ASGIApp], ASGIApp]) -> Tried:
        running.append(_serving(tmp_path, wrap))
        return running[-1].__enter__()

    yield serve
    for each in running:
        each.__exit__(None, None, None)


Serve = Callable[[Callable[[ASGIApp], ASGIApp]], Tried]


def test_a_sound_commander_passes_every_check_and_is_left_as_it_was(serving: Serve) -> None:
    tried = serving(lambda app: app)
    assert tried.trial(timeout_s=20), tried.said
    assert [line.removeprefix("ok      ").partition(" (")[0] for line in tried.said] == NAMES
    assert tried.is_clean()
    assert tried.said[-1].endswith(": 'smoke test' stays in the bin until that erases it")


def test_it_can_be_tried_again(serving: Serve) -> None:
    tried = serving(lambda app: app)
    assert tried.trial(timeout_s=20)
    assert tried.trial(timeout_s=20), tried.said


_REPORT_REPLY = {
    "epoch": 1,
    "sequence": 1,
    "server_at": time.time(),
    "sample_interval_s": 10,
    "report_interval_s": 60,
}
_REFUSED = {"error": {"code": "no", "message": "Not today."}}
CASES: list[tuple[str, dict[tuple[str, str], tuple[int, object]], Sequence[str], str]] = [
    (NAMES[0], {}, ["Content-Security-Policy"], "The header Content-Security-Policy is None"),
    (NAMES[0], {("GET", "/"): (403, _REFUSED)}, [], "status 403"),
    (NAMES[1], {("GET", "/v1/machines"): (200, {})}, [], "Nobody is signed in"),
    (NAMES[2], {("POST", "/v1/session"): (200, {})}, [], "should be refused"),
    (NAMES[2], {("POST", "/v1/session"): (502, "no json of ours")}, [], "not as a commander does"),
    (NAMES[3], {}, ["Set-Cookie"], "No session cookie"),
    (NAMES[4], {("POST", "/v1/agents"): (409, _REFUSED)}, [], "409 no: Not today."),
    (NAMES[5], {("POST", "/v1/enrolment"): (503, _REFUSED)}, [], "503 no: Not today."),
    (NAMES[6], {("POST", "/v1/reports"): (200, {"epoch": "one"})}, [], "no answer of a commander"),
    (NAMES[7], {("POST", "/v1/reports"): (200, _REPORT_REPLY)}, [], "figures do not appear"),
    (NAMES[8], {("POST", "/v1/socket-tickets"): (201, {"ticket": "x", "expires_at": 1})}, [], "did not open"),
]


@pytest.mark.parametrize(("name", "lies", "stolen", "sentence"), CASES, ids=[case[3] for case in CASES])
def test_what_is_wrong_is_found_and_nothing_is_left(
    serving: Serve,
    name: str,
    lies: dict[tuple[str, str], tuple[int, object]],
    stolen: Sequence[str],
    sentence: str,
) -> None:
    tried = serving(lambda app: Faulty(app, lies, stolen))
    assert not tried.trial()
    assert tried.said[-1].startswith(f"FAILED  {name}: ")
    assert sentence in tried.said[-1]
    assert tried.is_clean()
    assert PASSWORD not in "".join(tried.said)


def test_deltas_that_never_come_are_missed(serving: Serve) -> None:
    tried = serving(lambda app: app)
    tried.commander.changes.stop()
    assert not tried.trial()
    assert tried.said[-1].startswith(f"FAILED  {NAMES[8]}: The socket is open, but no delta was pushed.")
    assert tried.is_clean()


class _Deaf:
    """Says that it deleted the agent, and did not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "DELETE" and scope["path"].startswith("/v1/agents/"):
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._app(scope, receive, send)


def test_a_token_that_outlives_its_agent_is_found(serving: Serve) -> None:
    tried = serving(_Deaf)
    assert not tried.trial()
    assert "its token is still accepted" in tried.said[-1]


def test_the_session_ends_with_the_trial(serving: Serve) -> None:
    tried = serving(lambda app: app)
    visit = Visit(Site(tried.url, 20.0), EMAIL, PASSWORD, SECURITY_HEADERS)
    seen: list[str] = []

    def say(line: str) -> None:
        seen.append(visit.site.cookie)

    assert smoke(visit, say)
    cookie = next(cookie for cookie in seen if cookie)
    assert visit.site.cookie == ""
    assert replace(visit.site, cookie=cookie).page("GET", "/v1/session").status == 401


def test_secrets_are_not_in_what_is_shown_of_a_visit() -> None:
    visit = Visit(Site("http://127.0.0.1:9", 1.0, cookie="a secret"), EMAIL, PASSWORD, {})
    assert "a secret" not in repr(visit)
    assert PASSWORD not in repr(visit)
