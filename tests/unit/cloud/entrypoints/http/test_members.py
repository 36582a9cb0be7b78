"""Members over HTTP: listed, changed, removed, and leaving."""

from __future__ import annotations

import pytest

from cloud.domain.members import member_id
from cloud.entrypoints.http.cookie import NAME
from tests.fakes.caller import Answer, Caller
from tests.fakes.people import bearer_of, member
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, Farm, World
from wire.people import Role

ANN = "ann@example.test"


def _patch(owner: Caller, email: str, body: object, **headers: str) -> Answer:
    return owner.call("PATCH", f"/v1/members/{member_id(email)}", body=body, headers=headers)


def _as(app: Caller, seat: Farm) -> Caller:
    return Caller(app.app, cookie=f"{NAME}={seat.cookie}", rig_farm=seat.farm)


def _row(email: str, role: str, clients: list[str] | None = None) -> dict[str, object]:
    return {"member": member_id(email), "email": email, "role": role, "clients": clients, "joined_at": NOW}


def test_listed_changed_and_removed(world: World, owner: Caller, farm: Farm) -> None:
    member(world, farm, ANN)
    rows = [_row(ANN, "viewer"), _row(OWNER, "owner")]
    assert owner.get("/v1/members").json == {"members": rows, "invitations": []}
    answer = _patch(owner, ANN, {"role": "operator", "clients": ["Ann"]})
    assert (answer.status, answer.json) == (200, _row(ANN, "operator", ["Ann"]))
    answer = _patch(owner, ANN, {"clients": None})
    assert answer.json == _row(ANN, "operator")
    answer = owner.delete(f"/v1/members/{member_id(ANN)}")
    assert (answer.status, answer.body) == (204, b"")
    assert owner.get("/v1/members").json["members"] == [_row(OWNER, "owner")]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"role": "king"}, 422, "role"),
        ({"role": None}, 422, "role"),
        ({"clients": "Ann"}, 422, "clients"),
        ({"clients": [""]}, 422, "clients[0]"),
        ({"clients": ["x" * 81]}, 422, "clients[0]"),
        ({"clients": [f"c{number}" for number in range(51)]}, 422, "clients"),
        ([], 422, ""),
        (b"{", 400, ""),
    ],
)
def test_what_is_no_change_is_refused(
    world: World, owner: Caller, farm: Farm, body: object, status: int, field: str
) -> None:
    member(world, farm, ANN)
    before = dict(world.store.items)
    answer = _patch(owner, ANN, body)
    assert (answer.status, answer.json["error"].get("field", "")) == (status, field)
    assert world.store.items == before


def test_the_last_owner_stays(owner: Caller) -> None:
    for answer in (
        _patch(owner, OWNER, {"role": "viewer"}),
        owner.delete(f"/v1/members/{member_id(OWNER)}"),
        owner.delete("/v1/membership"),
    ):
        assert (answer.status, answer.code) == (409, "last_owner")
        assert "somebody else" in answer.json["error"]["message"]


def test_a_member_leaves_one_farm_of_two(world: World, owner: Caller, farm: Farm) -> None:
    south = world.farm("South", ANN)
    ann = _as(owner, member(world, farm, ANN, Role.VIEWER, ("Ann",)))
    assert ann.delete("/v1/membership").status == 204
    assert ann.get("/v1/farm").code == "farm_unknown"
    assert ann.get("/v1/farm", rig_farm=south.farm).json["name"] == "South"
    assert [seat["name"] for seat in ann.get("/v1/session").json["farms"]] == ["South"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_only_owners_decide(world: World, owner: Caller, farm: Farm, role: Role) -> None:
    ann = _as(owner, member(world, farm, ANN, role))
    answers = [ann.get("/v1/members"), _patch(ann, ANN, {"role": "owner"})]
    answers.append(ann.delete(f"/v1/members/{member_id(OWNER)}"))
    assert {(answer.status, answer.code) for answer in answers} == {(403, "not_allowed")}


def test_an_owners_api_token_reads_no_addresses_and_decides_nothing(
    world: World, nobody: Caller, farm: Farm
) -> None:
    token = Caller(nobody.app, authorization=bearer_of(world, farm.farm, OWNER))
    answers = [_patch(token, OWNER, {"role": "viewer"}), token.delete("/v1/membership")]
    answers.append(token.get("/v1/members"))
    answers.append(token.delete(f"/v1/members/{member_id(OWNER)}"))
    assert {(answer.status, answer.code) for answer in answers} == {(403, "not_allowed")}


def test_limits_that_one_item_cannot_hold_are_refused_before_anybody_joins(
    world: World, owner: Caller, farm: Farm
) -> None:
    clients = [f"{number:02}{'🐄' * 13}" for number in range(50)]
    people = [f"p{number}@example.test" for number in range(150)]
    for email in people:
        member(world, farm, email)
    answers = [_patch(owner, email, {"clients": clients}) for email in people]
    statuses = [answer.status for answer in answers]
    assert statuses == sorted(statuses)
    assert set(statuses) == {200, 409}
    assert {answer.code for answer in answers if answer.status == 409} == {"limits_too_long"}
    assert owner.post("/v1/invitations", {"role": "viewer", "clients": clients}).code == "limits_too_long"
