"""The OpenAPI document: valid, complete, true to the routes, and loaded only when it is asked for."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from cloud.app import ROUTES, create_app
from cloud.domain.permissions import OWN, OWN_IN_PERSON, VIEW
from cloud.entrypoints.http.mount import AnyoneRoute, FarmRoute
from cloud.entrypoints.http.openapi.document import document, refusals_of
from tests.fakes.caller import Caller
from tests.fakes.ports import fake_ports

Json = dict[str, Any]


@pytest.fixture(scope="module")
def told() -> Json:
    """As it is answered, to nobody in particular."""
    answer = Caller(create_app(fake_ports())).get("/v1/openapi.json", accept_encoding="gzip")
    assert answer.status == 200
    read: Json = answer.json
    return read


def _operations(told: Json) -> dict[str, Json]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    }


def test_every_route_is_told_by_its_handlers_name(told: Json) -> None:
    names = {key: operation["operationId"] for key, operation in _operations(told).items()}
    assert names == {f"{route.method} {route.path}": route.handler.__name__ for route in ROUTES}
    assert len(set(names.values())) == len(names)


def test_every_example_is_what_its_schema_says(told: Json) -> None:
    seen = 0
    for key, operation in _operations(told).items():
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for part in (*bodies, *operation["responses"].values()):
            for content in part.get("content", {}).values():
                schema = {**content["schema"], "components": told["components"]}
                for example in _examples(told, content):
                    seen += 1
                    assert jsonschema_rs.is_valid(schema, example), (key, example)
    assert seen > 500


def _examples(told: Json, content: Json) -> list[Any]:
    if "example" in content:
        return [content["example"]]
    found = told["components"]["examples"]
    return [found[each["$ref"].rpartition("/")[2]]["value"] for each in content["examples"].values()]


def test_every_reference_leads_somewhere(told: Json) -> None:
    text = msgspec.json.encode(told).decode()
    wanted = set(re.findall('"#/components/([^"]+)"', text))
    there = {f"{kind}/{name}" for kind, each in told["components"].items() for name in each}
    assert wanted
    assert wanted <= there


def test_patterns_are_those_of_ecmascript_and_null_is_not_none(told: Json) -> None:
    text = msgspec.json.encode(told).decode()
    assert r"\\A" not in text
    assert r"\\Z" not in text
    assert "None" not in text


def test_who_may_ask_is_told(told: Json) -> None:
    operations = _operations(told)
    assert operations["GET /v1/sign-in"]["security"] == []
    assert operations["GET /v1/session"]["security"] == [{"session": []}]
    assert operations["GET /v1/machines"]["security"] == [{"apiToken": []}, {"session": []}]
    assert operations["POST /v1/reports"]["security"] == [{"agentToken": []}]
    assert operations["POST /v1/invitations"]["description"].endswith(
        "For owners of the farm; signed in, not by an API token."
    )
    assert operations["POST /v1/agents"]["description"].endswith(
        "For operators and owners of the farm, if they see the whole farm; signed in or by an API token."
    )


def _refused(handler: str) -> list[str]:
    return refusals_of(next(route for route in ROUTES if route.handler.__name__ == handler))


def test_refusals_follow_from_the_kind_of_route() -> None:
    assert _refused("get_sign_in") == [
        "413 body_too_large",
        "429 too_many_requests",
        "500 internal_error",
        "503 store_unavailable",
    ]
    assert _refused("get_start") == ["413 body_too_large", "500 internal_error"]
    assert {"404 machine_unknown", "404 bad_id", "404 farm_unknown"} <= set(_refused("get_machine"))
    assert "401 token_missing" in _refused("post_report")


@pytest.mark.parametrize(("allow", "refuses"), [(VIEW, False), (OWN, True), (OWN_IN_PERSON, True)])
def test_what_everybody_in_a_farm_may_is_not_refused_as_not_allowed(allow: Any, refuses: bool) -> None:
    like = next(route for route in ROUTES if isinstance(route, FarmRoute) and route.path == "/v1/farm")
    route = FarmRoute(like.method, like.path, like.handler, allow)
    assert ("403 not_allowed" in refusals_of(route)) is refuses


def test_a_route_without_an_operation_is_a_mistake() -> None:
    stray = AnyoneRoute("GET", "/v1/stray", ROUTES[0].handler)  # type: ignore[arg-type]
    with pytest.raises(KeyError, match="GET /v1/stray"):
        document((stray,))


def test_it_is_made_once() -> None:
    assert document(ROUTES) is document(ROUTES)


def test_nothing_of_it_is_loaded_before_it_is_asked_for() -> None:
    asked = "import sys, cloud.app; sys.exit(any('http.openapi' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], timeout=60, check=False).returncode == 0
