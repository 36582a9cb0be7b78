"""One's own account over HTTP: password, second factor, sessions, and letters that lead back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.app import create_app
from cloud.domain import tokens
from cloud.usecases.send_letters import send_letters
from tests.fakes.caller import Answer, Caller
from tests.fakes.mail import FakeMail
from tests.fakes.second_factor import Telephone
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from tests.unit.cloud.usecases.letters import secret_of

NEW = "quite-another"


@pytest.fixture
def mail() -> FakeMail:
    return FakeMail()


@pytest.fixture
def visitor(world: World, mail: FakeMail, farm: Farm) -> Caller:
    """Of a commander that can send letters."""
    return Caller(create_app(replace(world.ports, mail=mail)))


def _sign_in(nobody: Caller, password: str = PASSWORD, **more: str) -> Answer:
    return nobody.post("/v1/session", {"email": OWNER, "password": password, **more})


def _cookie(answer: Answer) -> str:
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


def test_sign_in_says_whether_letters_can_be_sent(nobody: Caller, visitor: Caller) -> None:
    assert nobody.get("/v1/sign-in").json == {"provider": None, "mail": False}
    assert visitor.get("/v1/sign-in").json == {"provider": None, "mail": True}


def test_too_many_wrong_passwords_are_told_how_long_to_wait(nobody: Caller, farm: Farm) -> None:
    answers = [_sign_in(nobody, "wrong") for _ in range(6)]
    assert [answer.status for answer in answers] == [401] * 5 + [429]
    assert (answers[5].code, answers[5].headers["Retry-After"]) == ("too_many_sign_ins", "1")


def test_changing_the_password_gives_this_browser_a_new_cookie(nobody: Caller, owner: Caller) -> None:
    answer = owner.call("PUT", "/v1/account/password", body={"old": PASSWORD, "new": NEW})
    assert (answer.status, answer.json["email"]) == (200, OWNER)
    assert owner.get("/v1/session").status == 401
    assert nobody.get("/v1/session", cookie=_cookie(answer)).status == 200
    assert (_sign_in(nobody).status, _sign_in(nobody, NEW).status) == (401, 200)


def test_refused_change_keeps_this_browser_signed_in(owner: Caller) -> None:
    wrong = owner.call("PUT", "/v1/account/password", body={"old": "wrong", "new": NEW})
    assert (wrong.status, wrong.code) == (403, "password_wrong")
    short = owner.call("PUT", "/v1/account/password", body={"old": PASSWORD, "new": "short"})
    assert (short.status, short.code) == (422, "bad_password")
    assert owner.get("/v1/session").status == 200


def test_forgotten_password_by_letter(world: World, visitor: Caller, mail: FakeMail) -> None:
    known = visitor.post("/v1/passwords/forgotten", {"email": OWNER})
    assert known == visitor.post("/v1/passwords/forgotten", {"email": "nobody@example.test"})
    assert (known.status, known.body) == (202, b"")
    send_letters(replace(world.ports, mail=mail))
    (letter,) = mail.sent
    secret = secret_of(letter, "reset")
    assert visitor.post("/v1/passwords/reset", {"secret": secret, "new": NEW}).status == 204
    again = visitor.post("/v1/passwords/reset", {"secret": secret, "new": NEW})
    assert (again.status, again.code) == (404, "link_refused")
    assert _sign_in(visitor, NEW).status == 200


@pytest.mark.parametrize("secret", ["", "x" * 42, "x" * 43 + ".", "\n" + "x" * 42, "é" * 200])
def test_the_secret_of_a_damaged_link_is_refused_as_an_unknown_one(visitor: Caller, secret: str) -> None:
    answer = visitor.post("/v1/passwords/reset", {"secret": secret, "new": NEW})
    assert (answer.status, answer.code) == (404, "link_refused")


def test_a_secret_longer_than_any_link_is_a_bad_message(visitor: Caller) -> None:
    assert visitor.post("/v1/passwords/reset", {"secret": "x" * 201, "new": NEW}).code == "bad_message"


def test_without_mail_forgetting_is_told(nobody: Caller) -> None:
    answer = nobody.post("/v1/passwords/forgotten", {"email": OWNER})
    assert (answer.status, answer.code) == (409, "no_mail")


def test_second_factor_from_offer_to_end(world: World, nobody: Caller, owner: Caller) -> None:
    assert owner.post("/v1/account/second-factor", {}).code == "bad_message"
    wrong = owner.post("/v1/account/second-factor", {"password": "wrong"})
    assert (wrong.status, wrong.code) == (403, "password_wrong")
    offered = owner.post("/v1/account/second-factor", {"password": PASSWORD})
    assert offered.status == 201
    assert offered.json["uri"].startswith("otpauth://totp/Rig%20Commander:")
    telephone = Telephone(offered.json["secret"], [])
    proof = {"code": telephone.code(world.clock())}
    proved = owner.call("PUT", "/v1/account/second-factor", body=proof)
    assert (proved.status, len(proved.json["codes"])) == (200, 10)
    assert owner.get("/v1/session").json["second_factor"] is True

    wanted = _sign_in(nobody)
    assert (wanted.status, wanted.code, "Set-Cookie" in wanted.headers) == (401, "code_wanted", False)
    world.clock.advance(30)
    assert _sign_in(nobody, code=telephone.code(world.clock())).status == 200
    refused = _sign_in(nobody, code=telephone.code(world.clock()))
    assert (refused.status, refused.code) == (401, "code_refused")

    end = {"password": PASSWORD, "code": proved.json["codes"][0]}
    assert owner.post("/v1/account/second-factor/end", end).status == 204
    assert "second_factor" not in owner.get("/v1/session").json
    assert _sign_in(nobody).status == 200


def test_sessions_are_listed_and_ended(world: World, nobody: Caller, owner: Caller, farm: Farm) -> None:
    headers = {"user_agent": "Another browser"}
    credentials = {"email": OWNER, "password": PASSWORD}
    other = _cookie(nobody.post("/v1/session", credentials, **headers))
    rows = owner.get("/v1/account/sessions").json["sessions"]
    assert sorted((row["browser"], row["current"]) for row in rows) == [
        ("", True),
        ("Another browser", False),
    ]
    assert {row["address"] for row in rows} == {"", "127.0.0.1"}
    assert all(other not in row.values() and farm.cookie not in row.values() for row in rows)

    digest = tokens.sha256(other.partition("=")[2])
    assert owner.delete(f"/v1/account/sessions/{digest}").status == 204
    assert nobody.get("/v1/session", cookie=other).status == 401
    assert owner.delete(f"/v1/account/sessions/{digest}").code == "session_unknown"

    third = _cookie(_sign_in(nobody))
    assert owner.delete("/v1/account/sessions").status == 204
    assert nobody.get("/v1/session", cookie=third).status == 401
    assert len(owner.get("/v1/account/sessions").json["sessions"]) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/account/password"),
        ("POST", "/v1/account/second-factor"),
        ("PUT", "/v1/account/second-factor"),
        ("POST", "/v1/account/second-factor/end"),
        ("GET", "/v1/account/sessions"),
        ("DELETE", "/v1/account/sessions"),
        ("DELETE", f"/v1/account/sessions/{'0' * 64}"),
    ],
)
def test_an_account_is_its_holders(nobody: Caller, farm: Farm, method: str, path: str) -> None:
    answer = nobody.call(method, path, body={})
    assert (answer.status, answer.code) == (401, "not_signed_in")
