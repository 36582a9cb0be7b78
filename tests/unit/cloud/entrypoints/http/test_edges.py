"""An ASIC edge over HTTP: how it is doing, its errands, and what is no errand."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.errands import ERRAND_MAX_BYTES, WAITING_MAX
from tests.fakes.caller import Caller
from tests.fakes.edges import Edge, edge_state, new_edge
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, Sentry, World
from wire.edge import ErrandLine, ErrandResult, FoundDevice, GivenErrand, Search
from wire.edge_page import EdgeView, ErrandView

SEARCH = {"errand": {"type": "search", "ranges": ["10.0.0.0/24"]}}
ENDED = ErrandResult(1, ok=True, text="done", lines=(ErrandLine("10.0.0.1", "added", "new"),))


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    return new_edge(world, farm)


def test_a_search_from_the_page_to_the_edge_and_back(world: World, owner: Caller, edge: Edge) -> None:
    path = f"/v1/agents/{edge.agent}"
    given = owner.post(f"{path}/errands", SEARCH)
    assert (given.status, given.json) == (201, {"number": 1, "kind": "search", "given_at": NOW})
    assert edge.tell(world, edge_state()) == (GivenErrand(1, Search(("10.0.0.0/24",))),)
    edge.tell(world, edge_state(1, results=[ENDED], found=[FoundDevice("10.0.0.1")]), sequence=2)
    view = msgspec.json.decode(owner.get(path).body, type=EdgeView)
    assert view.found == (FoundDevice("10.0.0.1"),)
    assert [(each.number, each.result and each.result.lines) for each in view.errands] == [(1, ())]
    errand = msgspec.json.decode(owner.get(f"{path}/errands/1").body, type=ErrandView)
    assert errand.result == ENDED


@pytest.mark.parametrize(
    ("errand", "code", "field"),
    [
        (None, "bad_message", "errand"),
        ({}, "bad_message", "errand"),
        ({"type": "reboot"}, "bad_message", "errand.type"),
        ({"type": "search"}, "bad_message", "errand"),
        ({"type": "search", "ranges": []}, "bad_message", "errand.ranges"),
        ({"type": "search", "ranges": ["10.0.0.1"] * 33}, "bad_message", "errand.ranges"),
        ({"type": "search", "ranges": ["a\u202eb"]}, "bad_label", "errand.ranges"),
        ({"type": "add_found", "addresses": ["10.0.0.1", "x"]}, "bad_message", "errand.addresses[1]"),
        ({"type": "add_found", "addresses": ["10.0.0.1"], "place": "a\nb"}, "bad_label", "errand.place"),
        ({"type": "import_rows", "csv": ""}, "bad_message", "errand.csv"),
        ({"type": "import_rows", "csv": "x" * 200_001}, "bad_message", "errand.csv"),
        ({"type": "import_rows", "csv": "ü" * 115_000}, "errand_too_large", "errand"),
        ({"type": "remove_devices", "machines": ["../x"]}, "bad_message", "errand.machines[0]"),
        ({"type": "answer_question", "question": 1, "answer": "maybe"}, "bad_message", "errand.answer"),
    ],
)
def test_what_is_no_errand_is_refused_with_its_place(
    owner: Caller, edge: Edge, errand: object, code: str, field: str
) -> None:
    answer = owner.post(f"/v1/agents/{edge.agent}/errands", {"errand": errand})
    assert (answer.status, answer.code) == (422, code)
    assert answer.json["error"].get("field", "") == field


def test_more_than_a_request_holds_is_refused_before_it_is_read(owner: Caller, edge: Edge) -> None:
    rows = {"errand": {"type": "import_rows", "csv": '"' * 199_999}}
    assert len(msgspec.json.encode(rows)) > ERRAND_MAX_BYTES
    assert owner.post(f"/v1/agents/{edge.agent}/errands", rows).code == "body_too_large"


def test_the_eleventh_is_refused_in_words(owner: Caller, edge: Edge) -> None:
    path = f"/v1/agents/{edge.agent}/errands"
    assert [owner.post(path, SEARCH).status for _ in range(WAITING_MAX)] == [201] * WAITING_MAX
    answer = owner.post(path, SEARCH)
    assert (answer.status, answer.code) == (409, "too_many_errands")
    assert "10 errands wait" in answer.json["error"]["message"]


@pytest.mark.parametrize("tail", ["", "/errands/1", "/errands"])
def test_a_sentry_is_refused_in_words(owner: Caller, sentry: Sentry, tail: str) -> None:
    path = f"/v1/agents/{sentry.agent}{tail}"
    answer = owner.post(path, SEARCH) if tail == "/errands" else owner.get(path)
    assert (answer.status, answer.code) == (409, "wrong_kind")
    assert "sentry of a rig" in answer.json["error"]["message"]


def test_who_gave_it_stands_in_the_audit_log(owner: Caller, edge: Edge, farm: Farm) -> None:
    owner.post(f"/v1/agents/{edge.agent}/errands", SEARCH)
    line = owner.get("/v1/audit").json["lines"][0]
    assert (line["by"], line["action"], line["thing"]) == (farm.email, "give_errand", f"agent {edge.agent}")
    assert line["after"]["ranges"] == ["10.0.0.0/24"]
