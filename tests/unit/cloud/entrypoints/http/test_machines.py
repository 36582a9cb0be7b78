"""Machines over HTTP."""

from __future__ import annotations

import msgspec
import pytest

from tests.fakes.caller import Answer, Caller
from tests.fakes.reports import NOW, SPECS, report
from tests.fakes.world import Farm, Sentry, World
from wire.live import EventList, History, MachinePage, MachineView, MetricsTable
from wire.metrics import METRICS


def test_metrics_table(owner: Caller) -> None:
    table = msgspec.json.decode(owner.get("/v1/metrics").body, type=MetricsTable)
    assert table.metrics == METRICS


def test_page_machine_and_history_of_one_report(world: World, owner: Caller, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW - 10, NOW], specs=SPECS))
    page = msgspec.json.decode(owner.get("/v1/machines").body, type=MachinePage)
    view = msgspec.json.decode(owner.get(f"/v1/machines/{sentry.machine}").body, type=MachineView)
    history = msgspec.json.decode(owner.get(f"/v1/machines/{sentry.machine}/history").body, type=History)
    assert page.live == view.live
    assert page.live.values == {"cpu_load_pct": [11.0]}
    assert view.specs == SPECS
    assert (history.to_at - history.from_at, history.at) == (3600, [NOW - 10, NOW])
    assert history.values == {"cpu_load_pct": [10.0, 11.0]}


def test_paging_by_query(world: World, owner: Caller, farm: Farm) -> None:
    made = sorted(world.sentry(farm, f"rig-{number}").machine for number in range(5))
    seen: list[str] = []
    query = "limit=2"
    while query:
        page = msgspec.json.decode(owner.get("/v1/machines", query).body, type=MachinePage)
        seen += page.live.machine
        query = f"limit=2&after={page.next.replace('#', '%23')}" if page.next else ""
    assert seen == made


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=-1", "limit=1&limit=9999"])
def test_bad_limit(owner: Caller, query: str) -> None:
    answer = owner.get("/v1/machines", query)
    assert (answer.status, answer.code, answer.json["error"]["field"]) == (422, "bad_query", "limit")


def test_limit_of_thousands_of_digits_is_refused_in_words(owner: Caller) -> None:
    answer = owner.get("/v1/machines", "limit=0000000001" + "0" * 5000)
    assert (answer.status, answer.code) == (422, "bad_query")


@pytest.mark.parametrize(
    ("span", "length_s", "resolution_s"),
    [
        ("1h", 3600, None),
        ("24h", 86_400, 600),
        ("7d", 7 * 86_400, 600),
        ("30d", 30 * 86_400, 3600),
        ("1y", 365 * 86_400, 86_400),
    ],
)
def test_span_of_the_history(
    world: World, owner: Caller, sentry: Sentry, span: str, length_s: int, resolution_s: int | None
) -> None:
    world.report(sentry, report(sentry.machine))
    answer = owner.get(f"/v1/machines/{sentry.machine}/history", f"span={span}")
    history = msgspec.json.decode(answer.body, type=History)
    assert (history.to_at - history.from_at, history.resolution_s) == (length_s, resolution_s)
    assert len(history.at) == 1
    assert history.values == {"cpu_load_pct": [10.0]}


@pytest.mark.parametrize("span", ["", "2h", "1H", "3600", "1y%20", "24h&span=x", "7d,1h", "\u0667d"])
def test_bad_span_is_told_which_there_are(owner: Caller, sentry: Sentry, span: str) -> None:
    answer = owner.get(f"/v1/machines/{sentry.machine}/history", f"span={span}")
    assert (answer.status, answer.code, answer.json["error"]["field"]) == (422, "bad_query", "span")
    assert "1h, 24h, 7d, 30d, 1y" in answer.json["error"]["message"]


PATHS = ["/v1/machines/{}", "/v1/machines/{}/history", "/v1/machines/{}/events"]


@pytest.mark.parametrize("path", PATHS)
def test_unknown_other_farms_and_deleted_machines_look_alike(
    world: World, owner: Caller, sentry: Sentry, path: str
) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    owner.delete(f"/v1/agents/{sentry.agent}")
    answers = [owner.get(path.format(machine)) for machine in ("m_x", theirs.machine, sentry.machine)]
    assert {(answer.status, answer.code) for answer in answers} == {(404, "machine_unknown")}
    assert len({answer.body for answer in answers}) == 1


def _patch(owner: Caller, machine: str, change: object) -> Answer:
    return owner.call("PATCH", f"/v1/machines/{machine}", body=change)


def test_a_change_answers_with_the_machine(world: World, owner: Caller, sentry: Sentry) -> None:
    parked = {"reason": "repair", "note": "fan"}
    change = {"name": "barn 7", "place": "row 7", "tags": ["a", "b", "a"], "client": "Ann", "parked": parked}
    answer = _patch(owner, sentry.machine, change)
    assert (answer.status, answer.json["name"]) == (200, "barn 7")
    labels = {"place": "row 7", "tags": ["a", "b"], "client": "Ann", "parked": {**parked, "at": NOW}}
    assert answer.json["labels"] == labels
    assert owner.get("/v1/machines").json["labels"] == [labels]
    assert owner.get("/v1/agents").json["agents"][0]["name"] == "barn 7"
    back = _patch(owner, sentry.machine, {"parked": None, "client": None, "unknown": 1})
    assert back.json["labels"] == {"place": "row 7", "tags": ["a", "b"]}
    assert _patch(owner, sentry.machine, {}).json == back.json


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": None}, "bad_message", "name"),
        ({"name": 7}, "bad_message", "name"),
        ({"name": " "}, "bad_name", "name"),
        ({"place": None}, "bad_message", "place"),
        ({"place": ["x"]}, "bad_message", "place"),
        ({"place": "x" * 121}, "bad_label", "place"),
        ({"tags": "a"}, "bad_message", "tags"),
        ({"tags": None}, "bad_message", "tags"),
        ({"tags": ["a", 1]}, "bad_message", "tags[1]"),
        ({"tags": [f"t{number}" for number in range(21)]}, "bad_label", "tags"),
        ({"client": 1}, "bad_message", "client"),
        ({"client": "\u202e"}, "bad_label", "client"),
        ({"parked": True}, "bad_message", "parked"),
        ({"parked": {}}, "bad_message", "parked"),
        ({"parked": {"reason": "holiday"}}, "bad_message", "parked.reason"),
        ({"parked": {"reason": "sold", "note": 5}}, "bad_message", "parked.note"),
        ({"parked": {"reason": "sold", "note": "x" * 501}}, "bad_label", "parked.note"),
        ([], "bad_message", ""),
        ("name", "bad_message", ""),
    ],
)
def test_a_change_of_the_wrong_type_or_text_is_refused_with_its_place(
    world: World, owner: Caller, sentry: Sentry, change: object, code: str, field: str
) -> None:
    before = dict(world.store.items)
    answer = _patch(owner, sentry.machine, change)
    assert (answer.status, answer.code, answer.json["error"].get("field", "")) == (422, code, field)
    assert world.store.items == before


@pytest.mark.parametrize("body", [b"", b"{", b"name=x", b'{"name": "\\ud800"}'])
def test_a_change_that_is_no_json(world: World, owner: Caller, sentry: Sentry, body: bytes) -> None:
    before = dict(world.store.items)
    answer = _patch(owner, sentry.machine, body)
    assert (answer.status, answer.code) == (400, "bad_json")
    assert world.store.items == before


def test_another_farms_machine_is_not_changed(world: World, owner: Caller) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    before = dict(world.store.items)
    answer = _patch(owner, theirs.machine, {"place": "mine"})
    assert (answer.status, answer.code) == (404, "machine_unknown")
    assert world.store.items == before


def test_another_sites_page_changes_nothing(owner: Caller, sentry: Sentry) -> None:
    headers = {"origin": "https://evil.test"}
    answer = owner.call("PATCH", f"/v1/machines/{sentry.machine}", body={"name": "x"}, headers=headers)
    assert (answer.status, answer.code) == (403, "foreign_origin")


def test_events_of_a_machine_page_by_page(world: World, owner: Caller, farm: Farm, sentry: Sentry) -> None:
    other = world.sentry(farm, "other")
    for sequence in range(3):
        for machine in (sentry, other):
            world.report(machine, report(machine.machine, [world.clock.now], sequence=sequence))
        world.clock.advance(1000)
        world.sweep()
    path, seen, query = f"/v1/machines/{sentry.machine}/events", [], "limit=2"
    while query:
        answer = owner.get(path, query)
        assert answer.status == 200
        page = msgspec.json.decode(answer.body, type=EventList)
        seen += page.events
        query = f"limit=2&after={page.next.replace('#', '%23')}" if page.next else ""
    assert seen == world.events(farm.farm, sentry.machine)[::-1]
    assert {event.machine for event in seen} == {sentry.machine}


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=-1", "limit=1.0"])
def test_bad_limit_of_events(owner: Caller, sentry: Sentry, query: str) -> None:
    answer = owner.get(f"/v1/machines/{sentry.machine}/events", query)
    assert (answer.status, answer.code, answer.json["error"]["field"]) == (422, "bad_query", "limit")


def test_another_farms_machine_is_unknown(world: World, owner: Caller) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    assert owner.get(f"/v1/machines/{theirs.machine}").code == "machine_unknown"
    assert owner.get("/v1/machines").json["live"]["machine"] == []
