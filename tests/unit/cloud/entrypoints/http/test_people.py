"""Signing in and out over HTTP."""

from __future__ import annotations

from tests.fakes.caller import COOKIE, Caller
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, PASSWORD, Farm, World


def _sign_in(nobody: Caller, password: str = PASSWORD, email: str = OWNER) -> tuple[int, str]:
    answer = nobody.post("/v1/session", {"email": email, "password": password})
    return answer.status, answer.headers.get("Set-Cookie", "")


def test_signing_in_sets_a_cookie_that_works(nobody: Caller, farm: Farm) -> None:
    status, header = _sign_in(nobody)
    assert status == 200
    pair, _, attributes = header.partition("; ")
    assert attributes == "Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict"
    answer = nobody.get("/v1/session", cookie=pair)
    seat = {"farm": farm.farm, "name": "North", "role": "owner"}
    assert (answer.json["email"], answer.json["farms"]) == (OWNER, [seat])


def test_refusal_sets_no_cookie_and_never_repeats_the_password(nobody: Caller, farm: Farm) -> None:
    answer = nobody.post("/v1/session", {"email": OWNER, "password": "wrong-but-mine"})
    assert (answer.status, answer.code) == (401, "sign_in_refused")
    assert "Set-Cookie" not in answer.headers
    assert b"wrong-but-mine" not in answer.body


def test_wrong_password_and_unknown_address_answer_alike(world: World, nobody: Caller, farm: Farm) -> None:
    world.passwords.verified.clear()
    wrong = nobody.post("/v1/session", {"email": OWNER, "password": "x"})
    unknown = nobody.post("/v1/session", {"email": "nobody@example.test", "password": "x"})
    assert wrong == unknown
    assert len(world.passwords.verified) == 2


def test_signing_out_ends_the_session_and_removes_the_cookie(owner: Caller) -> None:
    answer = owner.delete("/v1/session")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Set-Cookie"].startswith(f"{COOKIE}=; Path=/; Max-Age=0;")
    assert owner.get("/v1/session").code == "not_signed_in"


def test_session_expires(world: World, owner: Caller) -> None:
    world.clock.advance(world.ports.policy.session_s)
    assert owner.get("/v1/session").status == 401


def test_socket_ticket(owner: Caller) -> None:
    answer = owner.post("/v1/socket-tickets")
    assert answer.status == 201
    assert answer.json["expires_at"] == NOW + 30
    assert len(answer.json["ticket"]) == 43


def test_sign_in_by_form_is_refused(nobody: Caller, farm: Farm) -> None:
    body = f"email={OWNER}&password={PASSWORD}".encode()
    answer = nobody.post("/v1/session", body, content_type="application/x-www-form-urlencoded")
    assert (answer.status, answer.code) == (415, "unsupported_media_type")
