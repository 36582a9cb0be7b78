"""Agents over HTTP: made and deleted by the page, reporting by themselves."""

from __future__ import annotations

import gzip

import msgspec
import pytest

from cloud.domain import keys
from tests.fakes.caller import Caller
from tests.fakes.edges import Edge, new_edge
from tests.fakes.reports import NOW, enrolment, machine_report, report
from tests.fakes.rosters import entry, listed, telling
from tests.fakes.world import Farm, Sentry, World
from wire.codec import encode, encode_report
from wire.messages import REPORT_CONTENT_TYPE, Mining, Report, Specs

GZIPPED = {"content_type": REPORT_CONTENT_TYPE}


def test_new_agent_is_made_listed_and_deleted(owner: Caller, farm: Farm) -> None:
    made = owner.post("/v1/agents", {"name": "barn-7", "kind": "cpu_gpu"})
    assert made.status == 201
    agent = made.json["agent"]["agent"]
    assert made.json["token"].startswith(f"{farm.farm}.{agent}.")
    listed = owner.get("/v1/agents").json["agents"]
    assert [(view["agent"], view["name"]) for view in listed] == [(agent, "barn-7")]
    assert "token" not in listed[0]
    gone = owner.delete(f"/v1/agents/{agent}")
    assert (gone.status, gone.body) == (204, b"")
    assert owner.get("/v1/agents").json == {"agents": []}


@pytest.mark.parametrize("name", ["", "\x00", "n" * 10_000])
def test_hostile_name_is_refused(owner: Caller, name: str) -> None:
    answer = owner.post("/v1/agents", {"name": name, "kind": "cpu_gpu"})
    assert (answer.status, answer.code) == (422, "bad_name")


def test_markup_in_a_name_comes_back_as_it_was(owner: Caller) -> None:
    name = "<script>alert(1)</script>"
    owner.post("/v1/agents", {"name": name, "kind": "asic"})
    answer = owner.get("/v1/agents")
    assert answer.json["agents"][0]["name"] == name
    assert answer.headers["Content-Type"] == "application/json"


def test_unknown_kind_is_refused_with_its_place(owner: Caller) -> None:
    answer = owner.post("/v1/agents", {"name": "x", "kind": "toaster"})
    assert (answer.status, answer.code, answer.json["error"]["field"]) == (422, "bad_message", "kind")


def test_deleting_twice(owner: Caller, sentry: Sentry) -> None:
    path = f"/v1/agents/{sentry.agent}"
    assert [owner.delete(path).status, owner.delete(path).status] == [204, 404]
    assert owner.delete(path).code == "agent_unknown"


def test_enrolment(agent: Caller, sentry: Sentry) -> None:
    answer = agent.post("/v1/enrolment", msgspec.to_builtins(enrolment()))
    assert (answer.status, answer.json["epoch"], answer.json["machine"]) == (200, 1, sentry.machine)


def test_enrolment_of_the_wrong_kind(agent: Caller) -> None:
    body = {**msgspec.to_builtins(enrolment()), "kind": "asic"}
    answer = agent.post("/v1/enrolment", body)
    assert (answer.status, answer.code) == (409, "wrong_kind")


@pytest.mark.parametrize(
    "content_type", [REPORT_CONTENT_TYPE, "application/json", "application/JSON; charset=utf-8"]
)
def test_report_gzipped_or_plain(world: World, agent: Caller, sentry: Sentry, content_type: str) -> None:
    sent = report(sentry.machine, sequence=5)
    body = encode_report(sent) if content_type == REPORT_CONTENT_TYPE else encode(sent)
    answer = agent.post("/v1/reports", body, content_type=content_type)
    expected = {
        "epoch": 1,
        "sequence": 5,
        "server_at": NOW,
        "sample_interval_s": 10.0,
        "report_interval_s": 60.0,
        "watched": [],
    }
    assert (answer.status, answer.json) == (200, expected)
    assert world.latest(sentry).values == {1: 10.0}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"", REPORT_CONTENT_TYPE, 400, "bad_gzip"),
        (b"not gzip", REPORT_CONTENT_TYPE, 400, "bad_gzip"),
        (gzip.compress(b"{}")[:-3], REPORT_CONTENT_TYPE, 400, "bad_gzip"),
        (gzip.compress(b"{"), REPORT_CONTENT_TYPE, 400, "bad_json"),
        (gzip.compress(b"{}"), REPORT_CONTENT_TYPE, 422, "bad_message"),
        (gzip.compress(b" " * (1 << 20) + b"{}"), REPORT_CONTENT_TYPE, 413, "inflated_too_large"),
        (b"x" * (256 * 1024 + 1), REPORT_CONTENT_TYPE, 413, "body_too_large"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b"{}", "application/gzip", 415, "unsupported_media_type"),
    ],
    ids=["empty", "no gzip", "cut", "bad json", "no report", "bomb", "large", "text", "other gzip"],
)
def test_unreadable_reports_store_nothing(
    world: World, agent: Caller, body: bytes, content_type: str, status: int, code: str
) -> None:
    before = dict(world.store.items)
    answer = agent.post("/v1/reports", body, content_type=content_type)
    assert (answer.status, answer.code) == (status, code)
    assert world.store.items == before


def test_clock_ahead_is_told_the_time(agent: Caller, sentry: Sentry) -> None:
    answer = agent.post("/v1/reports", encode_report(report(sentry.machine, [NOW + 300])), **GZIPPED)
    assert (answer.status, answer.code) == (422, "clock_ahead")
    assert answer.json["error"]["server_at"] == NOW


def test_foreign_machine_is_refused_with_its_place(world: World, agent: Caller, sentry: Sentry) -> None:
    before = dict(world.store.items)
    sent = Report(1, 1, NOW, 60, (machine_report(sentry.machine), machine_report("machine_x")))
    answer = agent.post("/v1/reports", encode_report(sent), **GZIPPED)
    assert (answer.status, answer.code) == (404, "machine_unknown")
    assert answer.json["error"]["field"] == "machines[1].machine"
    assert world.store.items == before


def test_deleted_agent_is_told_so(owner: Caller, agent: Caller, sentry: Sentry) -> None:
    owner.delete(f"/v1/agents/{sentry.agent}")
    answer = agent.post("/v1/reports", encode_report(report(sentry.machine)), **GZIPPED)
    assert (answer.status, answer.code) == (403, "agent_deleted")


def test_new_token_ends_the_old_one(owner: Caller, agent: Caller, farm: Farm, sentry: Sentry) -> None:
    answer = owner.post(f"/v1/agents/{sentry.agent}/token")
    assert answer.status == 201
    assert answer.json["agent"]["agent"] == sentry.agent
    assert answer.json["token"].startswith(f"{farm.farm}.{sentry.agent}.")
    assert answer.json["token"] in answer.json["command"]
    refused = agent.post("/v1/reports", encode_report(report(sentry.machine)), **GZIPPED)
    assert (refused.status, refused.code) == (401, "token_wrong")
    renewed = Caller(owner.app, authorization=f"Bearer {answer.json['token']}")
    assert renewed.post("/v1/reports", encode_report(report(sentry.machine)), **GZIPPED).status == 200


@pytest.mark.parametrize("whose", ["unknown", "foreign"])
def test_new_token_of_an_agent_that_is_not_ours(world: World, owner: Caller, whose: str) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    answer = owner.post(f"/v1/agents/{theirs.agent if whose == 'foreign' else 'agent_x'}/token")
    assert (answer.status, answer.code) == (404, "agent_unknown")
    assert world.principal(theirs).agent.agent == theirs.agent


def test_a_clone_is_refused_in_words(world: World, agent: Caller, owner: Caller, sentry: Sentry) -> None:
    world.enrol(sentry, ["mac aa"])
    before = dict(world.store.items)
    specs = Specs(hostname="twin", hardware=("mac bb",))
    answer = agent.post("/v1/reports", encode_report(report(sentry.machine, specs=specs)), **GZIPPED)
    assert (answer.status, answer.code) == (409, "another_machine")
    assert answer.json["error"]["message"] == "'rig-1' was enrolled on other hardware than this."
    assert set(world.store.items) == set(before)
    (view,) = owner.get("/v1/agents").json["agents"]
    assert view["stranger"] == {"hostname": "twin", "at": NOW}
    world.enrol(sentry, ["mac bb"])
    answer = agent.post("/v1/reports", encode_report(report(sentry.machine, sequence=2)), **GZIPPED)
    assert (answer.status, answer.code) == (409, "enrolled_again")


def test_deleted_agent_is_in_the_bin_and_restored(owner: Caller, agent: Caller, sentry: Sentry) -> None:
    owner.delete(f"/v1/agents/{sentry.agent}")
    week_later = NOW + 7 * 86_400
    row = {"agent": sentry.agent, "name": "rig-1", "machine": sentry.machine}
    assert owner.get("/v1/bin").json == {"binned": [{**row, "binned_at": NOW, "erased_at": week_later}]}
    answer = owner.post(f"/v1/bin/{sentry.agent}/restore")
    assert (answer.status, answer.body) == (204, b"")
    assert owner.get("/v1/bin").json == {"binned": []}
    assert agent.post("/v1/reports", encode_report(report(sentry.machine)), **GZIPPED).status == 200
    again = owner.post(f"/v1/bin/{sentry.agent}/restore")
    assert (again.status, again.code) == (404, "agent_unknown")


def test_extreme_but_valid_specs_do_not_fail(world: World, agent: Caller, sentry: Sentry) -> None:
    """What the protocol accepts must be storable and readable again; a 500 would be sent for ever."""
    plain = encode(report(sentry.machine))
    specs = b'"specs":{"hostname":"\\u0000\\uD83D\\uDC04","memory_bytes":' + b"9" * 30 + b"}"
    answer = agent.post("/v1/reports", plain.replace(b'"open":', specs + b',"open":'))
    assert answer.status in {200, 422}
    assert answer.status == 422 or keys.specs(sentry.farm, sentry.machine) in world.store.items


def test_nothing_that_an_agent_tells_disguises_itself(
    world: World, agent: Caller, owner: Caller, sentry: Sentry
) -> None:
    world.enrol(sentry, ["mac aa"])
    twin = Specs(hostname="\u202ewt\nin", hardware=("mac bb",))
    agent.post("/v1/reports", encode_report(report(sentry.machine, specs=twin)), **GZIPPED)
    (view,) = owner.get("/v1/agents").json["agents"]
    assert view["stranger"]["hostname"] == "wt in"
    mining = [Mining("Random\u200bX", 1.0, "H/s", "X\x1bMR")]
    sent = report(sentry.machine, specs=Specs(hostname="r\u2066ig"), mining=mining)
    assert agent.post("/v1/reports", encode_report(sent), **GZIPPED).status == 200
    shown = owner.get(f"/v1/machines/{sentry.machine}").json
    assert shown["specs"]["hostname"] == "rig"
    (row,) = shown["live"]["mining"][0]
    assert (row["algorithm"], row["coin"]) == ("RandomX", "XMR")


def test_an_agents_version_does_not_disguise_itself(agent: Caller, owner: Caller, sentry: Sentry) -> None:
    told = {**msgspec.to_builtins(enrolment()), "agent_version": "1\u202e.2"}
    assert agent.post("/v1/enrolment", told).status == 200
    assert owner.get("/v1/agents").json["agents"][0]["agent_version"] == "1.2"


def test_a_persons_cookie_is_no_token_and_a_token_no_cookie(owner: Caller, agent: Caller) -> None:
    assert owner.post("/v1/enrolment", msgspec.to_builtins(enrolment())).status == 401
    assert agent.get("/v1/machines").status == 401


@pytest.fixture
def edge(world: World, farm: Farm) -> Edge:
    made = new_edge(world, farm)
    made.enrol(world)
    return made


def test_an_edge_tells_its_roster(world: World, nobody: Caller, edge: Edge) -> None:
    caller = Caller(nobody.app, authorization=f"Bearer {edge.token}")
    answer = caller.post("/v1/roster", encode(telling([entry(1, name="a\u202eb\nc")])))
    assert answer.status == 200
    (seat,) = answer.json["seats"]
    assert (seat["number"], seat["reads"], "refused" in answer.json) == (1, True, False)
    (machine,) = listed(world, edge.farm).values()
    assert (machine.machine, machine.name) == (seat["machine"], "ab c")


def test_a_sentry_that_tells_a_roster_is_told_what_it_is(agent: Caller) -> None:
    answer = agent.post("/v1/roster", encode(telling([entry(1)])))
    assert (answer.status, answer.code) == (409, "wrong_kind")


@pytest.mark.parametrize(
    "broken",
    [
        {"epoch": 1, "batches": []},
        {"epoch": 1, "batches": [{"batch": 0, "entries": [{"number": 0, "added_at": 1, "name": "x"}]}]},
        {"epoch": 1, "batches": [{"batch": 0, "entries": [{"number": 1, "added_at": 1, "name": ""}]}]},
        {"epoch": 1, "batches": [{"batch": 0, "entries": []}] * 11},
    ],
)
def test_a_roster_beyond_its_limits_is_refused(agent: Caller, broken: object) -> None:
    answer = agent.post("/v1/roster", broken)
    assert (answer.status, answer.code) == (422, "bad_message")
