"""The two visits: to the provider, and back; whatever happens, the answer is a redirect."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from cloud.app import create_app
from cloud.ports import Ports, StoreUnavailable, Voucher
from cloud.usecases.start_provider_sign_in import CALLBACK_PATH
from tests.fakes.caller import COOKIE, Answer, Caller
from tests.fakes.provider import ISSUER, FakeProvider, query_of
from tests.fakes.store import MemoryStore
from tests.fakes.world import OWNER, Farm, World

START = "/v1/oidc/start"


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider(good=Voucher(ISSUER, "subject-1", OWNER, email_verified=True))


@pytest.fixture
def ports(world: World, farm: Farm, provider: FakeProvider) -> Ports:
    return replace(world.ports, provider=provider)


@pytest.fixture
def visitor(ports: Ports) -> Caller:
    return Caller(create_app(ports))


def _place(answer: Answer) -> str:
    assert (answer.status, answer.body, answer.headers["Cache-Control"]) == (303, b"", "no-store")
    return str(answer.headers["Location"])


def _back(visitor: Caller, left: Answer, **changed: str) -> Answer:
    """The browser comes back with what the provider sends, and its cookies."""
    pair = left.headers["Set-Cookie"].partition(";")[0]
    query = {"state": query_of(_place(left))["state"], "code": "good", "iss": ISSUER, **changed}
    return visitor.get(CALLBACK_PATH, urlencode(query), cookie=f"theme=dark; {pair}")


def test_there_with_a_cookie_that_comes_back_from_another_site(visitor: Caller) -> None:
    left = visitor.get(START)
    assert _place(left).startswith(f"{ISSUER}/auth?")
    name, _, attributes = left.headers["Set-Cookie"].partition("; ")
    assert name.startswith("__Host-oidc=")
    assert attributes == "Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax"


def test_and_back_with_a_session(visitor: Caller) -> None:
    back = _back(visitor, visitor.get(START))
    assert _place(back) == "/"
    pair, _, attributes = back.headers["Set-Cookie"].partition("; ")
    assert pair.startswith(f"{COOKIE}=")
    assert attributes.endswith("Secure; HttpOnly; SameSite=Strict")
    view = visitor.get("/v1/session", cookie=pair).json
    assert (view["email"], view["provider"]) == (OWNER, "Example")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"state": "x" * 43}, "sign_in_expired"),
        ({"code": "bad"}, "provider_untrusted"),
        ({"code": "", "error": "access_denied"}, "provider_refused"),
    ],
)
def test_what_fails_leads_to_the_page_with_a_word(
    visitor: Caller, changed: dict[str, str], code: str
) -> None:
    back = _back(visitor, visitor.get(START), **changed)
    assert _place(back) == f"/#/sign-in/{code}"
    assert "Set-Cookie" not in back.headers


def test_who_is_unknown_is_told(visitor: Caller, provider: FakeProvider) -> None:
    provider.vouchers["good"] = Voucher(ISSUER, "subject-9", "nobody@example.test", email_verified=True)
    assert _place(_back(visitor, visitor.get(START))) == "/#/sign-in/no_account"


def test_without_a_cookie_a_link_signs_nobody_in(visitor: Caller, provider: FakeProvider) -> None:
    """As when somebody sends the end of their own sign-in to another."""
    state = query_of(_place(visitor.get(START)))["state"]
    back = visitor.get(CALLBACK_PATH, urlencode({"state": state, "code": "good"}))
    assert _place(back) == "/#/sign-in/sign_in_expired"
    assert "good" in provider.vouchers


def test_a_bare_visit_of_the_callback_is_told_too(visitor: Caller) -> None:
    assert _place(visitor.get(CALLBACK_PATH)) == "/#/sign-in/sign_in_expired"


def test_without_a_provider_the_page_says_so(world: World) -> None:
    assert _place(Caller(create_app(world.ports)).get(START)) == "/#/sign-in/no_provider"


class Away(MemoryStore):
    def write(self, write: object) -> bool:
        raise StoreUnavailable("away")


class Never:
    """The port `Rates`."""

    def take(self, key: str) -> float:
        return 3


def test_trouble_of_ours_is_a_redirect_too(world: World, ports: Ports) -> None:
    away = Caller(create_app(replace(ports, store=Away(world.clock))))
    assert _place(away.get(START)) == "/#/sign-in/store_unavailable"
    busy = Caller(create_app(replace(ports, requests=Never())))
    assert _place(busy.get(START)) == "/#/sign-in/too_many_requests"
