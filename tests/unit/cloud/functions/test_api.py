"""The function of the HTTP API, from its cold start."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.datastructures import Headers, QueryParams

from cloud.bootstrap import AwsPorts
from cloud.domain import keys
from cloud.gateway.events import Arrived, Match, http_event
from cloud.usecases.create_owner import create_owner
from tests.fakes.functions import Handler
from tests.fakes.payloads import payload_2_0

CREDENTIALS = {"email": "owner@example.org", "password": "a good password"}


def _event(version: str, body: object) -> dict[str, Any]:
    headers = Headers({"host": "rigs.example.org", "content-type": "application/json"})
    sent = json.dumps(body).encode()
    arrived = Arrived("POST", "/v1/session", headers, QueryParams(), sent, "192.0.2.1")
    build = http_event if version == "1.0" else payload_2_0
    return build(arrived, Match("/v1/session", {}))


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_signing_in(start: Callable[[str], Handler], ports: AwsPorts, version: str) -> None:
    create_owner(ports, CREDENTIALS["email"], CREDENTIALS["password"], "The farm")
    handler = start("api")
    answer = handler(_event(version, CREDENTIALS), None)
    assert answer["statusCode"] == 200
    assert [seat["name"] for seat in json.loads(answer["body"])["farms"]] == ["The farm"]
    assert handler(_event(version, {**CREDENTIALS, "password": "wrong"}), None)["statusCode"] == 401


def test_a_refusal_of_the_store_is_logged_without_what_was_sent(
    start: Callable[[str], Handler],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RIG_TABLE", "no-such-table")
    answer = start("api")(_event("2.0", CREDENTIALS), None)
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "5")
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert line["logger"] == "cloud.entrypoints.http.mount"
    assert "ResourceNotFoundException" in line["message"]
    assert not any(secret in json.dumps(line) for secret in CREDENTIALS.values())


def test_an_unforeseen_error_is_one_line_without_what_was_sent(
    start: Callable[[str], Handler], ports: AwsPorts, capsys: pytest.CaptureFixture[str]
) -> None:
    create_owner(ports, CREDENTIALS["email"], CREDENTIALS["password"], "The farm")
    model = ports.store._model  # type: ignore[attr-defined]
    person = keys.person(CREDENTIALS["email"])
    model(*person, kind="person", body=b"{broken a secret", revision=1).save()
    answer = start("api")(_event("2.0", CREDENTIALS), None)
    assert answer["statusCode"] == 500
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert (line["level"], line["error"]) == ("ERROR", "DecodeError")
    assert "secret" not in json.dumps(line)
    assert CREDENTIALS["password"] not in json.dumps(line)
