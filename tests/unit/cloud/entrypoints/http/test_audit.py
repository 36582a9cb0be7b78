"""The audit log over HTTP: what people did in a farm, for its owners."""

from __future__ import annotations

import msgspec
import pytest

from cloud.usecases.verify_audit import verify_log
from tests.fakes.caller import Caller
from tests.fakes.world import OWNER, Farm, Sentry, World
from wire.people import AuditPage

ADDRESS = "127.0.0.1"


def _lines(owner: Caller) -> list[tuple[str, str, object, object]]:
    page = msgspec.json.decode(owner.get("/v1/audit").body, type=AuditPage)
    assert page.next is None
    return [(line.action, line.thing, line.before, line.after) for line in page.lines]


def test_what_people_do_stands_there_with_their_name_and_address(
    owner: Caller, world: World, farm: Farm, sentry: Sentry
) -> None:
    machine, agent = f"machine {sentry.machine}", f"agent {sentry.agent}"
    at = f"/v1/machines/{sentry.machine}"
    owner.call("PATCH", at, body={"name": "barn 7", "tags": ["a"]})
    owner.post(f"{at}/orders", {"action": "stop", "program": "p"})
    owner.delete(f"{at}/orders/1")
    watched = {"program": "p", "miner": "xmrig", "port": 18088}
    owner.call("PUT", f"{at}/watched", body={"watched": [watched]})
    owner.call("PUT", "/v1/farm/settings", body={"report_interval_s": 360})
    owner.post(f"/v1/agents/{sentry.agent}/token")
    owner.delete(f"/v1/agents/{sentry.agent}")
    owner.post(f"/v1/bin/{sentry.agent}/restore")
    made = owner.post("/v1/agents", {"name": "lan", "kind": "asic"}).json["agent"]["agent"]
    page = msgspec.json.decode(owner.get("/v1/audit", "limit=9").body, type=AuditPage)
    assert {(line.by, line.address) for line in page.lines} == {(OWNER, ADDRESS)}
    seven = {"name": "barn 7", "machine": sentry.machine}
    order = {"number": 1, "action": "stop", "program": "p"}
    expected: list[tuple[str, str, object, object]] = [
        ("create_agent", f"agent {made}", None, {"name": "lan", "kind": "asic", "machine": None}),
        ("restore_agent", agent, None, seven),
        ("delete_agent", agent, seven, None),
        ("renew_token", agent, None, seven),
        (
            "change_farm_settings",
            f"farm {farm.farm}",
            {"report_interval_s": None},
            {"report_interval_s": 360},
        ),
        ("watch_programs", machine, [], [watched]),
        ("take_back_order", machine, order, None),
        ("give_order", machine, None, order),
        ("change_machine", machine, {"tags": [], "name": "rig-1"}, {"tags": ["a"], "name": "barn 7"}),
    ]
    assert [(line.action, line.thing, line.before, line.after) for line in page.lines] == expected
    assert verify_log(world.store, farm.farm, {}).fault is None
    following = owner.get("/v1/audit", f"after={page.next}".replace("#", "%23")).json
    assert [line["action"] for line in following["lines"]] == ["create_agent", "create_farm"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/v1/machines/{machine}", {"name": "rig-1"}),
        ("PATCH", "/v1/machines/{machine}", {}),
        ("PUT", "/v1/machines/{machine}/watched", {"watched": []}),
        ("PUT", "/v1/farm/settings", {}),
        ("PATCH", "/v1/machines/{machine}", {"name": ""}),
        ("DELETE", "/v1/machines/{machine}/orders/7", None),
        ("DELETE", "/v1/agents/agent_x", None),
    ],
)
def test_what_changes_nothing_is_no_line(
    owner: Caller, sentry: Sentry, method: str, path: str, body: object
) -> None:
    before = _lines(owner)
    owner.call(method, path.format(machine=sentry.machine), body=body)
    assert _lines(owner) == before


def test_neither_tokens_nor_secrets_are_in_it(owner: Caller, world: World, sentry: Sentry) -> None:
    token = owner.post(f"/v1/agents/{sentry.agent}/token").json["token"]
    kept = b"".join(item.body for key, item in world.store.items.items() if key.pk.endswith("#audit"))
    for secret in (token, sentry.token, world.agent(sentry).secret_sha256):
        assert secret.rpartition(".")[2].encode() not in kept


def test_agents_own_reports_are_no_lines(owner: Caller, world: World, sentry: Sentry) -> None:
    before = _lines(owner)
    world.enrol(sentry)
    world.sweep()
    assert _lines(owner) == before


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=", "after=head"])
def test_a_wrong_question_is_refused(owner: Caller, query: str) -> None:
    assert owner.get("/v1/audit", query).status == 422


def test_nobody_else_sees_it(nobody: Caller, agent: Caller) -> None:
    assert nobody.get("/v1/audit").status == 401
    assert agent.get("/v1/audit").status == 401
