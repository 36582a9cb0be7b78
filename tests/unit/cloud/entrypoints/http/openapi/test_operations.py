"""The table of operations has a line for each route, and none besides."""

from __future__ import annotations

import re

from cloud.app import ROUTES
from cloud.entrypoints.http.openapi.operation import TAGS
from cloud.entrypoints.http.openapi.operations import OPERATIONS
from tests.architecture.sources import ROOT


def test_each_route_has_its_operation_and_each_operation_its_route() -> None:
    assert set(OPERATIONS) == {f"{route.method} {route.path}" for route in ROUTES}


def test_a_body_goes_with_methods_that_have_one() -> None:
    assert [key for key, each in OPERATIONS.items() if each.body and key.startswith(("GET", "DELETE"))] == []


def test_an_answer_without_a_message_says_so_by_its_status() -> None:
    silent = {key for key, each in OPERATIONS.items() if each.answer is None}
    assert silent == {key for key, each in OPERATIONS.items() if each.status in (202, 204, 303)}


def test_every_tag_is_explained_and_used() -> None:
    assert {each.tag for each in OPERATIONS.values()} == set(TAGS)


def test_the_page_of_the_protocol_names_every_route() -> None:
    page = (ROOT / "docs" / "wire.md").read_text()
    named = set(re.findall(r"`([A-Z]+ /v1/[^`? ]+)", page))
    assert named == set(OPERATIONS)
