"""API tokens over HTTP: made, shown once, used, listed and revoked."""

from __future__ import annotations

import pytest

from cloud.entrypoints.http.cookie import NAME
from tests.fakes.caller import Caller
from tests.fakes.people import member
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from wire.people import Role

ANN = "ann@example.test"
_SCRIPT = {"name": "a script", "role": "viewer", "days": 30}


def test_made_used_listed_and_revoked(nobody: Caller, owner: Caller, farm: Farm) -> None:
    answer = owner.post("/v1/api-tokens", _SCRIPT)
    view = answer.json["token"]
    assert (answer.status, view["name"], view["email"]) == (201, "a script", OWNER)
    assert (view["created_at"], view["expires_at"]) == (NOW, NOW + 30 * 86_400)
    program = Caller(nobody.app, authorization=f"Bearer {answer.json['secret']}")
    assert program.get("/v1/farm").json["farm"] == farm.farm
    assert program.call("PUT", "/v1/farm/settings", body={}).code == "not_allowed"
    listed = owner.get("/v1/api-tokens")
    assert listed.json == {"tokens": [view]}
    assert answer.json["secret"].rpartition(".")[2].encode() not in listed.body
    revoked = owner.delete(f"/v1/api-tokens/{view['token']}")
    assert (revoked.status, revoked.body) == (204, b"")
    assert program.get("/v1/farm").code == "token_wrong"
    assert owner.get("/v1/api-tokens").json == {"tokens": []}


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"days": 0}, 422, "days"),
        ({"days": 367}, 422, "days"),
        ({"days": 1.5}, 422, "days"),
        ({"role": "king"}, 422, "role"),
        ({"name": ""}, 422, "name"),
        ({"name": 5}, 422, "name"),
        ({"clients": []}, 422, "clients"),
    ],
)
def test_what_is_no_token_is_refused(
    world: World, owner: Caller, changed: dict[str, object], status: int, field: str
) -> None:
    before = dict(world.store.items)
    answer = owner.post("/v1/api-tokens", {**_SCRIPT, **changed})
    assert (answer.status, answer.json["error"]["field"]) == (status, field)
    assert world.store.items == before


def test_a_token_makes_shows_and_ends_no_tokens(nobody: Caller, owner: Caller) -> None:
    made = owner.post("/v1/api-tokens", {**_SCRIPT, "role": "owner"}).json
    program = Caller(nobody.app, authorization=f"Bearer {made['secret']}")
    answers = [program.get("/v1/api-tokens"), program.post("/v1/api-tokens", _SCRIPT)]
    answers.append(program.delete(f"/v1/api-tokens/{made['token']['token']}"))
    assert {(answer.status, answer.code) for answer in answers} == {(403, "not_allowed")}


def test_a_limited_viewer_makes_one_within_the_limit(world: World, owner: Caller, farm: Farm) -> None:
    ann = Caller(owner.app, cookie=f"{NAME}={member(world, farm, ANN, Role.VIEWER, ('Ann',)).cookie}")
    assert ann.post("/v1/api-tokens", _SCRIPT).json["token"]["clients"] == ["Ann"]
    beyond = ann.post("/v1/api-tokens", {**_SCRIPT, "clients": ["Bob"]})
    assert (beyond.status, beyond.code, beyond.json["error"]["field"]) == (403, "not_allowed", "clients")
    stronger = ann.post("/v1/api-tokens", {**_SCRIPT, "role": "operator"})
    assert (stronger.status, stronger.json["error"]["field"]) == (403, "role")
    owners = owner.post("/v1/api-tokens", _SCRIPT).json["token"]["token"]
    assert ann.delete(f"/v1/api-tokens/{owners}").code == "token_unknown"
    assert len(ann.get("/v1/api-tokens").json["tokens"]) == 1
    assert len(owner.get("/v1/api-tokens").json["tokens"]) == 2
