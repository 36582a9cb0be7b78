"""Coming back from the provider: once, in time, in the same browser."""

from __future__ import annotations

import logging
from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys, tokens
from cloud.domain.people import AuditEntry, AuditHead, Person
from cloud.domain.principals import Actor
from cloud.ports import Item, Ports, Voucher
from cloud.usecases.authorise_person import authorise_account
from cloud.usecases.finish_provider_sign_in import Return, finish_provider_sign_in
from cloud.usecases.open_session import Origin
from cloud.usecases.start_provider_sign_in import start_provider_sign_in
from tests.fakes.provider import ISSUER, FakeProvider
from tests.fakes.world import OWNER, World
from wire.faults import Fault


@pytest.fixture
def world() -> World:
    made = World()
    made.farm()
    return made


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider(good=Voucher(ISSUER, "subject-1", OWNER, email_verified=True))


@pytest.fixture
def ports(world: World, provider: FakeProvider) -> Ports:
    return replace(world.ports, provider=provider)


@pytest.fixture
def answer(ports: Ports, provider: FakeProvider) -> Return:
    """The right one."""
    departure = start_provider_sign_in(ports)
    return Return(provider.trips[-1].state, "good", departure.browser)


def _code(ports: Ports, answer: Return) -> str:
    with pytest.raises(Fault) as refused:
        finish_provider_sign_in(ports, answer)
    return refused.value.code


def test_a_session_is_opened_and_listed_as_any_other(world: World, ports: Ports, answer: Return) -> None:
    cookie = finish_provider_sign_in(ports, answer, Origin("192.0.2.7", "Firefox"))
    account = authorise_account(world.ports, cookie)
    assert account.email == OWNER
    session = world.store.items[keys.session(OWNER, tokens.sha256(cookie))]
    assert session.expires_at == world.clock() + world.ports.policy.session_s
    assert b"192.0.2.7" in session.body


def test_no_second_factor_of_ours_is_asked_for(world: World, ports: Ports, answer: Return) -> None:
    item = world.store.items[keys.person(OWNER)]
    guarded = msgspec.structs.replace(item.read(Person), totp_secret="A" * 32)
    world.store.items[item.key] = Item.of(item.key, guarded, revision=item.revision)
    assert authorise_account(world.ports, finish_provider_sign_in(ports, answer)).email == OWNER


def test_the_sign_in_is_a_line_of_the_log(world: World, ports: Ports, answer: Return) -> None:
    finish_provider_sign_in(replace(ports, actor=Actor("", "192.0.2.7")), answer)
    head = world.store.items[keys.audit_head(None)].read(AuditHead).number
    kept = (world.store.items[keys.audit_line(None, number)] for number in (head - 1, head))
    told = [
        (line.by, line.address, line.action, line.thing) for line in (item.read(AuditEntry) for item in kept)
    ]
    thing = f"account {OWNER}"
    assert told == [
        (OWNER, "192.0.2.7", "link_provider", thing),
        (OWNER, "192.0.2.7", "sign_in", thing),
    ]


def test_each_return_counts_once(ports: Ports, answer: Return, provider: FakeProvider) -> None:
    finish_provider_sign_in(ports, answer)
    provider.vouchers["good"] = Voucher(ISSUER, "subject-1", OWNER, email_verified=True)
    assert _code(ports, answer) == "sign_in_expired"


def test_ten_minutes_are_enough(world: World, ports: Ports, answer: Return) -> None:
    world.clock.advance(600)
    assert _code(ports, answer) == "sign_in_expired"


@pytest.mark.parametrize(
    "wrong", [{"browser": "x" * 43}, {"browser": ""}, {"state": "y" * 43}, {"state": ""}]
)
def test_another_browser_or_state_is_refused_and_spoils_nothing(
    ports: Ports, answer: Return, provider: FakeProvider, wrong: dict[str, str]
) -> None:
    assert _code(ports, answer._replace(**wrong)) == "sign_in_expired"
    assert "good" in provider.vouchers
    assert finish_provider_sign_in(ports, answer)


def test_a_refusal_of_the_provider_burns_the_trip(
    ports: Ports, answer: Return, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert _code(ports, answer._replace(code="")) == "provider_refused"
    assert "it sent no code" in caplog.text
    assert _code(ports, answer) == "sign_in_expired"


def test_a_code_that_stands_for_nobody_is_logged_without_itself(
    ports: Ports, answer: Return, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert _code(ports, answer._replace(code="bad-code")) == "provider_untrusted"
    assert "never begun" in caplog.text
    assert not [word for word in ("bad-code", answer.state, answer.browser) if word in caplog.text]


def test_without_a_provider_nobody_comes_back(world: World, answer: Return) -> None:
    assert _code(world.ports, answer) == "no_provider"
