"""Orders, watched programs and logs over HTTP."""

from __future__ import annotations

import msgspec
import pytest

from tests.fakes.caller import Answer, Caller
from tests.fakes.reports import NOW
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.news import event, news
from wire.codec import encode_report
from wire.live import EventList, MachineView
from wire.messages import REPORT_CONTENT_TYPE, LogLines, WatchedProgram

STOP = {"action": "stop", "program": "p"}
WATCHED = [{"program": "mine", "miner": "xmrig", "port": 18088}]
REQUESTS = [
    ("POST", "/orders", "", STOP),
    ("DELETE", "/orders/1", "", None),
    ("PUT", "/watched", "", {"watched": WATCHED}),
    ("GET", "/log", "program=p", None),
]


def _order(owner: Caller, sentry: Sentry, body: object) -> Answer:
    return owner.post(f"/v1/machines/{sentry.machine}/orders", body)


def test_an_order_goes_out_with_a_report_and_comes_back_done(
    owner: Caller, agent: Caller, sentry: Sentry
) -> None:
    answer = _order(owner, sentry, {**STOP, "for_s": None, "unknown": 1})
    assert (answer.status, answer.json) == (201, {"number": 1, "action": "stop", "program": "p"})
    path = f"/v1/machines/{sentry.machine}"
    assert owner.get(path).json["orders"] == [answer.json]
    kind = {"content_type": REPORT_CONTENT_TYPE}
    reply = agent.post("/v1/reports", encode_report(news(sentry.machine, 1)), **kind).json
    assert (reply["orders"], reply["watched"]) == ([answer.json], [])
    reply = agent.post("/v1/reports", encode_report(news(sentry.machine, 2, done=1)), **kind).json
    assert "orders" not in reply
    assert "orders" not in owner.get(path).json


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ({"action": "reboot", "program": "p"}, "action"),
        ({"action": "stop"}, ""),
        ({"action": "stop", "program": "../x"}, "program"),
        ({**STOP, "for_s": 59}, "for_s"),
        ({**STOP, "for_s": 1e9}, "for_s"),
        ({**STOP, "take_over": "yes"}, "take_over"),
        ({**STOP, "lines": 0}, "lines"),
        ({**STOP, "lines": 201}, "lines"),
        ([], ""),
    ],
)
def test_a_bad_order_is_refused_with_its_place(
    world: World, owner: Caller, sentry: Sentry, body: object, field: str
) -> None:
    before = dict(world.store.items)
    answer = _order(owner, sentry, body)
    assert (answer.status, answer.code, answer.json["error"].get("field", "")) == (422, "bad_message", field)
    assert world.store.items == before


def test_an_order_is_taken_back(owner: Caller, sentry: Sentry) -> None:
    path = f"/v1/machines/{sentry.machine}/orders"
    number = owner.post(path, STOP).json["number"]
    answer = owner.delete(f"{path}/{number}")
    assert (answer.status, answer.body) == (204, b"")
    again = owner.delete(f"{path}/{number}")
    assert (again.status, again.code) == (404, "order_unknown")


def test_watched_programs_answer_with_the_machine(owner: Caller, sentry: Sentry) -> None:
    path = f"/v1/machines/{sentry.machine}/watched"
    answer = owner.call("PUT", path, body={"watched": WATCHED})
    view = msgspec.json.decode(answer.body, type=MachineView)
    assert (answer.status, view.watched) == (200, (WatchedProgram("mine", "xmrig", 18088),))
    many = [{"program": f"p{n}", "miner": "xmrig", "port": n + 1} for n in range(9)]
    assert owner.call("PUT", path, body={"watched": many}).code == "bad_message"
    assert owner.call("PUT", path, body={"watched": many[:8]}).status == 200
    assert owner.call("PUT", path, body={"watched": [{**WATCHED[0], "port": 65_536}]}).status == 422


def test_a_log_is_text_that_nobody_interprets(world: World, owner: Caller, sentry: Sentry) -> None:
    lines = ("<script>alert(1)</script>", "\x1b[31mred", '{"a": 1}')
    path = f"/v1/machines/{sentry.machine}/log"
    missing = owner.get(path, "program=p")
    assert (missing.status, missing.code) == (404, "no_log")
    world.report(sentry, news(sentry.machine, log=LogLines(4, "p", lines)))
    answer = owner.get(path, "program=p")
    assert answer.json == {"program": "p", "order": 4, "received_at": NOW, "lines": list(lines)}
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("query", ["", "program=", "program=a%20b", "program=p%23q", "program=" + "x" * 65])
def test_a_log_of_what_is_no_program(owner: Caller, sentry: Sentry, query: str) -> None:
    answer = owner.get(f"/v1/machines/{sentry.machine}/log", query)
    assert (answer.status, answer.code, answer.json["error"]["field"]) == (422, "bad_query", "program")


def test_rigs_events_are_in_both_lists_newest_first(world: World, owner: Caller, sentry: Sentry) -> None:
    told = [event(1, NOW - 20), event(2, NOW - 10, "crashed")]
    world.report(sentry, news(sentry.machine, events=told))
    for path in ("/v1/events", f"/v1/machines/{sentry.machine}/events"):
        page = msgspec.json.decode(owner.get(path).body, type=EventList)
        assert [(each.at, each.kind) for each in page.events] == [
            (NOW - 10, "crashed"),
            (NOW - 20, "started"),
        ]
        first = owner.get(path, "limit=1").json
        after = first["next"].replace("#", "%23")
        assert owner.get(path, f"limit=1&after={after}").json["events"][0]["kind"] == "started"


@pytest.mark.parametrize(("method", "path", "query", "body"), REQUESTS)
def test_unknown_other_farms_and_deleted_machines_look_alike(
    world: World, owner: Caller, sentry: Sentry, method: str, path: str, query: str, body: object
) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    for each in (sentry, theirs):
        world.report(each, news(each.machine, log=LogLines(1, "p", ("x",))))
    owner.delete(f"/v1/agents/{sentry.agent}")
    before = dict(world.store.items)
    answers = [
        owner.call(method, f"/v1/machines/{machine}{path}", query=query, body=body)
        for machine in ("m_x", theirs.machine, sentry.machine)
    ]
    assert {(answer.status, answer.code) for answer in answers} == {(404, "machine_unknown")}
    assert len({answer.body for answer in answers}) == 1
    assert world.store.items == before


@pytest.mark.parametrize(("method", "path", "query", "body"), REQUESTS)
def test_nobody_but_a_person_of_the_farm(
    nobody: Caller, agent: Caller, sentry: Sentry, method: str, path: str, query: str, body: object
) -> None:
    for caller in (nobody, agent):
        assert (
            caller.call(method, f"/v1/machines/{sentry.machine}{path}", query=query, body=body).status == 401
        )


@pytest.mark.parametrize(("method", "path", "query", "body"), REQUESTS[:3])
def test_another_sites_page_changes_nothing(
    owner: Caller, sentry: Sentry, method: str, path: str, query: str, body: object
) -> None:
    headers = {"origin": "https://evil.test"}
    answer = owner.call(method, f"/v1/machines/{sentry.machine}{path}", body=body, headers=headers)
    assert (answer.status, answer.code) == (403, "foreign_origin")
