"""Asks a running gateway all that its OpenAPI document allows, and much that it does not, by schemathesis."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest import SkipTest

import hypothesis
import schemathesis
import uvicorn
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from requests import Session
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from cloud.__main__ import LOCAL_POLICY
from cloud.bootstrap import LocalCommander, on_one_machine
from cloud.domain.members import member_id
from cloud.domain.permissions import VIEW
from cloud.gateway.server import METHODS, create_server
from cloud.settings import Settings
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_api_token import create_api_token
from cloud.usecases.create_owner import create_owner
from cloud.usecases.sign_in import sign_in
from tests.fakes.reports import block
from tests.system.processes import free_port, wait_for
from wire.messages import REPORT_CONTENT_TYPE, AgentKind, MachineReport, Mining, Report
from wire.people import FARM_HEADER, ApiTokenRequest, Role

EMAIL, PASSWORD = "owner@example.org", "a good password"
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
_PROOFS = {"owner": "session", "API token": "apiToken", "agent": "agentToken"}
CALLERS = ("nobody", *_PROOFS)
_ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""So that things are there as long as they can be asked for."""


Case = schemathesis.Case[Any]
Operation = schemathesis.APIOperation[Any, Any, Any, Any]


class Site(NamedTuple):
    """A gateway, who can ask it, and ids of what is there, those in paths by their names."""

    url: str
    headers: dict[str, dict[str, str]]
    farm: str
    ids: dict[str, str]


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """A gateway in this process, with a farm, an API token of its owner, and an agent that reports."""
    port = free_port()
    policy = replace(LOCAL_POLICY, reports_burst=1_000_000, requests_burst=1_000_000)
    settings = Settings(f"http://127.0.0.1:{port}", policy)
    commander = on_one_machine(settings, folder / "store.sqlite")
    asgi = create_server(commander, folder, ["127.0.0.1"])
    config = uvicorn.Config(asgi, port=port, log_level="critical", ws="websockets-sansio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for("the gateway", lambda: server.started)
        yield _site(commander)
    finally:
        server.should_exit = True
        thread.join()


def _site(commander: LocalCommander) -> Site:
    ports = commander.ports
    farm = create_owner(ports, EMAIL, PASSWORD, "North")
    cookie = sign_in(ports, EMAIL, PASSWORD)
    person = authorise_person(ports, Proof(cookie, farm=farm), VIEW)
    token = create_api_token(ports, person, ApiTokenRequest("script", Role.OWNER, 30))
    spare = create_api_token(ports, person, ApiTokenRequest("another", Role.VIEWER, 30))
    rig = create_agent(ports, farm, "rig", AgentKind.CPU_GPU)
    machine, now = str(rig.agent.machine), time.time()
    bearer = f"Bearer {rig.token}"
    told = MachineReport(
        machine, open=block([now], {"cpu_load_pct": [5.0]}), mining=(Mining("rx/0", 1000.0),)
    )
    accept_report(ports, authorise_agent(ports, bearer), Report(1, 1, now, 60, (told,)))
    headers = {
        "nobody": {},
        "owner": {"Cookie": f"__Host-session={cookie}"},
        "API token": {"Authorization": f"Bearer {token.secret}"},
        "agent": {"Authorization": bearer},
    }
    ids = {
        "machine": machine,
        # Of another, for the token of this one is to last.
        "agent": create_agent(ports, farm, "hall", AgentKind.ASIC).agent.agent,
        "token": spare.token.token,
        "member": member_id(EMAIL),
        "number": "1",
    }
    return Site(ports.public_url, headers, farm, ids)


@dataclass
class Findings:
    """What was answered, by operation and status, and what was wrong with it."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def explore(site: Site, examples: int, number: int) -> Findings:
    """Per operation `examples` requests as documented, and as many that are not, at most.

    Each is sent by everyone who has what the operation asks for; the first of them by all. The same
    `number` makes the same requests, but for ids and times.
    """
    schema = schemathesis.openapi.from_url(f"{site.url}/v1/openapi.json")
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    operations.sort(key=lambda each: _ORDER.index(each.method.upper()))
    found = Findings()
    with Session() as session:
        session.trust_env = False
        _ask_undocumented(site, session, schema.raw_schema["paths"], found)
        for operation in operations:
            for mode in GenerationMode:
                _Asker(site, session, operation, found).ask(mode, examples, number)
    return found


def _ask_undocumented(site: Site, session: Session, paths: dict[str, Any], found: Findings) -> None:
    for path, documented in paths.items():
        for method in {*METHODS, "HEAD", "OPTIONS", "TRACE"} - {name.upper() for name in documented}:
            answer = session.request(method, site.url + path, headers=site.headers["owner"], timeout=30)
            found.answers[f"{method} {path}", answer.status_code] += 1
            if answer.status_code not in (404, 405):
                found.faults.append(f"{method} {path}, which is not documented: {answer.status_code}")


@dataclass
class _Asker:
    """The requests of one operation, with ids of what is there where the path has room for one."""

    site: Site
    session: Session
    operation: Operation
    found: Findings

    def ask(self, mode: GenerationMode, examples: int, number: int) -> None:
        callers = iter([CALLERS])

        def send(case: Case) -> None:
            for caller in next(callers, self._who_may()):
                self._send(case, caller)

        for strategy in self._strategies(mode):
            asked = hypothesis.given(case=strategy)(send)
            limited = hypothesis.settings(
                max_examples=examples,
                database=None,
                deadline=None,
                phases=[hypothesis.Phase.generate],
                suppress_health_check=list(hypothesis.HealthCheck),
            )(asked)
            # What takes neither parameter nor body cannot be asked for wrongly.
            with suppress(Unsatisfiable, SkipTest):
                hypothesis.seed(number)(limited)()

    def _strategies(self, mode: GenerationMode) -> Iterator[SearchStrategy[Case]]:
        """For things that are there, and for whatever ids come along."""
        parts = {part.name for part in self.operation.path_parameters}
        known = {name: value for name, value in self.site.ids.items() if name in parts}
        farms = [FARM_HEADER] if FARM_HEADER in {part.name for part in self.operation.headers} else []
        if known or farms:
            headers = dict.fromkeys(farms, self.site.farm)
            yield self.operation.as_strategy(mode, path_parameters=known or None, headers=headers or None)
        yield self.operation.as_strategy(mode)

    def _who_may(self) -> list[str]:
        schemes = [name for each in self.operation.definition.raw["security"] for name in each]
        return [caller for caller in CALLERS if not schemes or _PROOFS.get(caller) in schemes]

    def _send(self, case: Case, caller: str) -> None:
        headers = self.site.headers[caller]
        answer = case.call(self.site.url, self.session, headers, allow_redirects=False, timeout=30)
        self.found.answers[self.operation.label, answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
            self._check_code(answer)
        except (Failure, FailureGroup, AssertionError) as fault:
            shown = case.as_curl_command({"X-Caller": caller})[:1500]
            self.found.faults.append(f"{fault}\n{shown}\n{answer.text[:500]}")

    def _check_code(self, answer: schemathesis.Response) -> None:
        if answer.status_code < 400:
            return
        code = answer.json()["error"]["code"]
        documented = self.operation.definition.raw["responses"][str(answer.status_code)]
        codes = documented["content"]["application/json"]["examples"]
        assert code in codes, f"{self.operation.label} does not document {answer.status_code} {code}"


@schemathesis.serializer(REPORT_CONTENT_TYPE)
def _gzipped(_: schemathesis.SerializationContext, value: Any) -> bytes:
    return gzip.compress(json.dumps(value).encode())
