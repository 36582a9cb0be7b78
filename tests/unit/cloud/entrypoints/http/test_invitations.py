"""Invitations over HTTP: made by owners, seen and used by whoever holds the link."""

from __future__ import annotations

import pytest

from cloud.entrypoints.http.cookie import NAME
from tests.fakes.caller import Answer, Caller
from tests.fakes.people import bearer_of, member
from tests.fakes.ports import PUBLIC_URL
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.people import Role

ANN = "ann@example.test"
UNTIL = NOW + 7 * 86_400
_WHOM = {"email": ANN, "role": "viewer", "clients": ["Ann"]}


def _invite(owner: Caller, body: object = None) -> Answer:
    return owner.post("/v1/invitations", body or {"role": "viewer"})


def _secret(owner: Caller, body: object = None) -> str:
    link: str = _invite(owner, body).json["link"]
    return link.removeprefix(f"{PUBLIC_URL}/#/invitation/")


def _join(nobody: Caller, secret: str, email: str = ANN) -> Answer:
    return nobody.post("/v1/invitations/join", {"secret": secret, "email": email, "password": PASSWORD})


def test_made_listed_and_withdrawn(owner: Caller) -> None:
    answer = _invite(owner, _WHOM)
    assert (answer.status, answer.json["mailed"]) == (201, False)
    view = answer.json["invitation"]
    assert view == {
        **_WHOM,
        "invitation": view["invitation"],
        "invited_by": OWNER,
        "created_at": NOW,
        "expires_at": UNTIL,
    }
    assert owner.get("/v1/members").json["invitations"] == [view]
    assert owner.delete(f"/v1/invitations/{view['invitation']}").status == 204
    assert owner.get("/v1/members").json["invitations"] == []
    assert owner.delete(f"/v1/invitations/{view['invitation']}").code == "invitation_unknown"


def test_looked_at_and_joined_with_a_new_account(owner: Caller, nobody: Caller, farm: Farm) -> None:
    secret = _secret(owner, _WHOM)
    offer = nobody.post("/v1/invitations/look", {"secret": secret})
    expected = {"farm_name": "North", **_WHOM, "invited_by": OWNER, "expires_at": UNTIL, "has_account": False}
    assert (offer.status, offer.json) == (200, expected)
    answer = _join(nobody, secret)
    seat = {"farm": farm.farm, "name": "North", "role": "viewer", "clients": ["Ann"]}
    assert (answer.status, answer.json["email"], answer.json["farms"]) == (201, ANN, [seat])
    pair, _, attributes = answer.headers["Set-Cookie"].partition("; ")
    assert attributes == "Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict"
    assert nobody.get("/v1/session", cookie=pair).json == answer.json
    assert PASSWORD.encode() not in answer.body


def test_accepted_with_the_account_that_one_has(world: World, owner: Caller, nobody: Caller) -> None:
    south = world.farm("South", ANN)
    secret = _secret(owner)
    refused = _join(nobody, secret)
    assert (refused.status, refused.code) == (409, "account_exists")
    assert "Set-Cookie" not in refused.headers
    ann = Caller(nobody.app, cookie=f"{NAME}={south.cookie}")
    answer = ann.post("/v1/invitations/accept", {"secret": secret})
    assert [seat["name"] for seat in answer.json["farms"]] == ["North", "South"]
    assert ann.post("/v1/invitations/accept", {"secret": secret}).code == "invitation_unknown"


@pytest.mark.parametrize("path", ["look", "join", "accept"])
@pytest.mark.parametrize("secret", ["", "x" * 42, "x" * 43 + ".", "x" * 43 + "\n", "é" * 200])
def test_the_secret_of_a_damaged_link_is_refused_as_an_unknown_one(
    owner: Caller, path: str, secret: str
) -> None:
    answer = owner.post(f"/v1/invitations/{path}", {"secret": secret, "email": ANN, "password": PASSWORD})
    assert (answer.status, answer.code) == (404, "invitation_unknown")


@pytest.mark.parametrize("path", ["look", "join", "accept"])
@pytest.mark.parametrize("secret", ["x" * 201, None, 5])
def test_what_is_no_secret_is_refused_before_anything_is_read(
    world: World, owner: Caller, path: str, secret: object
) -> None:
    world.store.calls.clear()
    body = {"secret": secret, "email": ANN, "password": PASSWORD}
    answer = owner.post(f"/v1/invitations/{path}", body)
    assert (answer.status, answer.code) == (422, "bad_message")
    assert [call for call in world.store.calls if "invitation" in f"{call}"] == []


def test_unknown_secrets_look_alike_whoever_asks(owner: Caller, nobody: Caller, farm: Farm) -> None:
    body = {"secret": "x" * 43}
    answers = [nobody.post("/v1/invitations/look", body), owner.post("/v1/invitations/accept", body)]
    answers += [_join(nobody, "x" * 43, email) for email in (OWNER, ANN)]
    assert {(answer.status, answer.body) for answer in answers} == {(404, answers[0].body)}


def test_only_owners_in_person_invite(world: World, owner: Caller, farm: Farm) -> None:
    operator = member(world, farm, ANN, Role.OPERATOR)
    callers = [
        Caller(owner.app, cookie=f"{NAME}={operator.cookie}"),
        Caller(owner.app, authorization=bearer_of(world, farm.farm, OWNER)),
    ]
    for caller in callers:
        for answer in (_invite(caller), caller.delete("/v1/invitations/invitation_x")):
            assert (answer.status, answer.code) == (403, "not_allowed")


def test_the_secret_stands_in_no_url_that_a_server_sees(owner: Caller) -> None:
    link: str = _invite(owner).json["link"]
    before, _, after = link.partition("#")
    assert before == f"{PUBLIC_URL}/"
    assert after.startswith("/invitation/")
