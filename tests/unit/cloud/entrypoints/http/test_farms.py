"""The farm as a whole over HTTP: settings, events, bin."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from cloud.app import create_app
from tests.fakes.caller import COOKIE, Answer, Caller
from tests.fakes.reports import NOW, report
from tests.fakes.world import Farm, Sentry, World
from wire.codec import encode_report
from wire.live import EventList, FarmSettings, FarmView, Pace
from wire.messages import REPORT_CONTENT_TYPE

DEFAULT = {"sample_interval_s": 10, "report_interval_s": 60, "late_after_s": 90, "offline_after_s": 150}


def _put(owner: Caller, body: object, **headers: str) -> Answer:
    return owner.call("PUT", "/v1/farm/settings", body=body, headers=headers)


def test_a_farm_as_it_begins(owner: Caller, farm: Farm) -> None:
    answer = owner.get("/v1/farm")
    expected = {"farm": farm.farm, "name": "North", "settings": {}, "pace": DEFAULT, "default": DEFAULT}
    assert (answer.status, answer.json) == (200, expected)


def test_settings_are_changed_whole_and_agents_hear_of_them(
    owner: Caller, agent: Caller, sentry: Sentry
) -> None:
    answer = _put(owner, {"report_interval_s": 360, "late_after_s": 500, "offline_after_s": None})
    view = msgspec.json.decode(answer.body, type=FarmView)
    assert (answer.status, view.settings, view.pace) == (200, FarmSettings(360, 500), Pace(60, 360, 500, 900))
    assert owner.get("/v1/farm").json == answer.json
    body = encode_report(report(sentry.machine))
    told = agent.post("/v1/reports", body, content_type=REPORT_CONTENT_TYPE).json
    assert (told["sample_interval_s"], told["report_interval_s"]) == (60, 360)
    assert _put(owner, {}).json["pace"] == DEFAULT


@pytest.mark.parametrize(
    ("settings", "code", "field"),
    [
        ({"report_interval_s": "60"}, "bad_message", "report_interval_s"),
        ({"report_interval_s": True}, "bad_message", "report_interval_s"),
        ({"report_interval_s": [60]}, "bad_message", "report_interval_s"),
        ({"report_interval_s": 9}, "bad_interval", "report_interval_s"),
        ({"report_interval_s": 0}, "bad_interval", "report_interval_s"),
        ({"report_interval_s": 1e300}, "bad_interval", "report_interval_s"),
        ({"late_after_s": {}}, "bad_message", "late_after_s"),
        ({"late_after_s": 0}, "bad_limit", "late_after_s"),
        ({"late_after_s": 50}, "bad_limit", "late_after_s"),
        ({"offline_after_s": "x"}, "bad_message", "offline_after_s"),
        ({"offline_after_s": -5}, "bad_limit", "offline_after_s"),
        ([], "bad_message", ""),
        (5, "bad_message", ""),
    ],
)
def test_settings_of_the_wrong_type_or_size_are_refused_with_their_place(
    world: World, owner: Caller, settings: object, code: str, field: str
) -> None:
    before = dict(world.store.items)
    answer = _put(owner, settings)
    assert (answer.status, answer.code, answer.json["error"].get("field", "")) == (422, code, field)
    assert world.store.items == before


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{", 400), (b'{"late_after_s": NaN}', 400), (b'{"late_after_s": 1e999}', 422)],
)
def test_what_is_no_json_is_refused(world: World, owner: Caller, body: bytes, status: int) -> None:
    before = dict(world.store.items)
    answer = _put(owner, body)
    assert (answer.status, answer.code) == (status, "bad_json" if status == 400 else "bad_message")
    assert world.store.items == before


def test_another_content_type_or_site_is_refused(world: World, owner: Caller) -> None:
    before = dict(world.store.items)
    assert _put(owner, {}, content_type="text/plain").status == 415
    assert _put(owner, {}, origin="https://evil.test").status == 403
    assert world.store.items == before


def test_farms_have_settings_of_their_own(world: World, owner: Caller) -> None:
    south = world.farm("South", "south@example.test")
    theirs = Caller(owner.app, cookie=f"{COOKIE}={south.cookie}")
    _put(theirs, {"report_interval_s": 360})
    assert owner.get("/v1/farm").json["pace"] == DEFAULT


def test_events_of_the_farm_page_by_page(world: World, owner: Caller, farm: Farm) -> None:
    south = world.farm("South", "south@example.test")
    sentries = [world.sentry(farm, f"rig-{number}") for number in range(5)]
    for sentry in [*sentries, world.sentry(south)]:
        world.report(sentry, report(sentry.machine))
    world.clock.advance(1000)
    world.sweep()
    seen, query = [], "limit=2"
    while query:
        page = msgspec.json.decode(owner.get("/v1/events", query).body, type=EventList)
        seen += page.events
        query = f"limit=2&after={page.next.replace('#', '%23')}" if page.next else ""
    assert sorted(event.machine for event in seen) == [sentry.machine for sentry in sentries]
    assert {(event.at, event.state) for event in seen} == {(NOW + 150, "offline")}
    assert owner.get("/v1/events").json["events"] == [msgspec.to_builtins(event) for event in seen]


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=99999999999999"])
def test_bad_limit_of_events(owner: Caller, query: str) -> None:
    answer = owner.get("/v1/events", query)
    assert (answer.status, answer.code, answer.json["error"]["field"]) == (422, "bad_query", "limit")


@pytest.mark.parametrize("whose", ["unknown", "never deleted", "foreign"])
def test_nothing_else_is_restored(world: World, owner: Caller, sentry: Sentry, whose: str) -> None:
    south = world.farm("South", "south@example.test")
    theirs = world.sentry(south)
    Caller(owner.app, cookie=f"{COOKIE}={south.cookie}").delete(f"/v1/agents/{theirs.agent}")
    before = dict(world.store.items)
    agents = {"unknown": "agent_x", "never deleted": sentry.agent, "foreign": theirs.agent}
    answer = owner.post(f"/v1/bin/{agents[whose]}/restore")
    assert (answer.status, answer.code) == (404, "agent_unknown")
    assert world.store.items == before
    assert owner.get("/v1/bin").json == {"binned": []}


def test_a_full_farm_restores_nothing(world: World, farm: Farm, sentry: Sentry) -> None:
    ports = replace(world.ports, policy=replace(world.ports.policy, machines_per_farm_max=2))
    owner = Caller(create_app(ports), cookie=f"{COOKIE}={farm.cookie}")
    owner.delete(f"/v1/agents/{sentry.agent}")
    made = [owner.post("/v1/agents", {"name": f"rig {n}", "kind": "cpu_gpu"}) for n in range(2)]
    answer = owner.post(f"/v1/bin/{sentry.agent}/restore")
    assert (answer.status, answer.code) == (409, "farm_full")
    owner.delete(f"/v1/agents/{made[0].json['agent']['agent']}")
    assert owner.post(f"/v1/bin/{sentry.agent}/restore").status == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/farm"),
        ("PUT", "/v1/farm/settings"),
        ("GET", "/v1/events"),
        ("GET", "/v1/bin"),
        ("POST", "/v1/bin/agent_1/restore"),
        ("POST", "/v1/agents/agent_1/token"),
        ("PATCH", "/v1/machines/machine_1"),
        ("GET", "/v1/machines/machine_1/events"),
    ],
)
def test_nobody_and_no_agent_may_do_any_of_this(
    world: World, nobody: Caller, agent: Caller, method: str, path: str
) -> None:
    before = dict(world.store.items)
    for caller in (nobody, agent):
        assert caller.call(method, path, body={}).status == 401
    assert world.store.items == before


@pytest.mark.parametrize("agent_id", ["a b", "a%23b", "x" * 65, "ä"])
def test_what_is_no_id_is_not_looked_up(world: World, owner: Caller, agent_id: str) -> None:
    for path in (f"/v1/bin/{agent_id}/restore", f"/v1/agents/{agent_id}/token"):
        answer = owner.post(path)
        assert (answer.status, answer.code) == (404, "bad_id")


def test_another_farm_and_another_name(owner: Caller, farm: Farm) -> None:
    answer = owner.post("/v1/farms", {"name": " East "})
    seat = {"farm": answer.json["farm"], "name": "East", "role": "owner"}
    assert (answer.status, answer.json) == (201, seat)
    assert [each["name"] for each in owner.get("/v1/session").json["farms"]] == ["East", "North"]
    assert owner.get("/v1/farm").code == "farm_missing"
    headers = {"rig-farm": answer.json["farm"]}
    renamed = owner.call("PATCH", "/v1/farm", body={"name": "West"}, headers=headers)
    assert (renamed.status, renamed.json["name"]) == (200, "West")
    assert owner.get("/v1/farm", rig_farm=farm.farm).json["name"] == "North"


@pytest.mark.parametrize("name", ["", "x" * 81, "a\nb", 5, None])
def test_a_farm_has_a_name_that_can_be_seen(world: World, owner: Caller, name: object) -> None:
    before = dict(world.store.items)
    answers = [owner.post("/v1/farms", {"name": name}), owner.call("PATCH", "/v1/farm", body={"name": name})]
    assert {(answer.status, answer.json["error"]["field"]) for answer in answers} == {(422, "name")}
    assert world.store.items == before
