"""Signing in: the right password opens a session; whatever is wrong looks and costs the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain import keys, tokens
from cloud.domain.people import AuditEntry, Members, Membership, Person, Session
from cloud.domain.policy import DAY_S
from cloud.domain.principals import Actor
from cloud.ports import Item, PasswordsBusy, Put
from cloud.usecases.limit_tries import ACCOUNT_FREE, ADDRESS_FREE, CODES_FREE
from cloud.usecases.open_session import Origin
from cloud.usecases.sign_in import sign_in
from tests.fakes.reports import NOW
from tests.fakes.second_factor import with_second_factor
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.faults import Fault
from wire.people import Role

WRONG, MANY, BAD = "sign_in_refused", "too_many_sign_ins", "wrong"
NOBODY = "nobody@example.test"
HERE, THERE = Origin("192.0.2.1", "A browser"), Origin("192.0.2.2")


def _refusal(
    world: World, email: str = OWNER, password: str = BAD, origin: Origin = HERE, code: str = ""
) -> Fault:
    with pytest.raises(Fault) as caught:
        sign_in(world.ports, email, password, origin, code)
    return caught.value


def _sessions(world: World) -> int:
    return sum(item.kind == "session" for item in world.store.items.values())


def test_session_is_kept_by_the_digest_of_its_cookie(world: World, farm: Farm) -> None:
    cookie = sign_in(world.ports, OWNER, PASSWORD, HERE)
    key = keys.session(OWNER, tokens.sha256(cookie))
    session = Session(OWNER, NOW, 0, HERE.address, HERE.browser, NOW)
    assert world.store.items[key] == Item.of(key, session, expires_at=NOW + 30 * DAY_S)
    assert all(cookie.encode() not in item.body for item in world.store.items.values())


@pytest.mark.parametrize("email", [f"  {OWNER} ", OWNER.upper()])
def test_address_is_read_loosely(world: World, farm: Farm, email: str) -> None:
    assert sign_in(world.ports, email, PASSWORD) != farm.cookie


@pytest.mark.parametrize("email", [OWNER, NOBODY, "", "x" * 320, "a#b", "é@ü.test"])
def test_each_refusal_costs_one_verification_and_says_the_same(world: World, farm: Farm, email: str) -> None:
    world.passwords.verified.clear()
    sessions = _sessions(world)
    fault = _refusal(world, email)
    assert len(world.passwords.verified) == 1
    assert (fault.code, fault.status, fault.message) == (WRONG, 401, "E-mail or password is wrong.")
    assert fault.field == ""
    assert _sessions(world) == sessions


@settings(max_examples=60, deadline=None)
@given(email=st.text(max_size=40), password=st.text(max_size=40))
def test_any_text_is_refused_alike(email: str, password: str) -> None:
    world = World()
    assert _refusal(world, email, password).code == WRONG
    assert world.passwords.verified == [None]


def test_nobody_is_verified_against_nobodys_hash(world: World, farm: Farm) -> None:
    world.passwords.verified.clear()
    _refusal(world, NOBODY, PASSWORD)
    assert world.passwords.verified == [None]


def test_account_without_a_password_looks_like_none(world: World, farm: Farm) -> None:
    person = Person(NOBODY, "", "", NOW, identity=("https://id.test", "7"))
    world.store.write(Put(Item.of(keys.person(NOBODY), person)))
    world.passwords.verified.clear()
    for password in ("", "wrong", PASSWORD):
        assert _refusal(world, NOBODY, password).code == WRONG
    assert world.passwords.verified == [None] * 3


@pytest.mark.parametrize("password", ["", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1]])
def test_password_is_read_exactly(world: World, farm: Farm, password: str) -> None:
    assert _refusal(world, OWNER, password).code == WRONG


def test_hash_is_no_password(world: World, farm: Farm) -> None:
    assert _refusal(world, OWNER, world.passwords.hash(PASSWORD)).code == WRONG


class Busy:
    """Passwords of which as many are being verified as may be."""

    def hash(self, password: str) -> str:
        return password

    def verify(self, password: str, password_hash: str | None) -> bool:
        raise PasswordsBusy


def test_busy_verifier_is_told_as_too_many_and_costs_no_try(world: World, farm: Farm) -> None:
    before = dict(world.store.items)
    busy = replace(world.ports, passwords=Busy())
    with pytest.raises(Fault) as caught:
        sign_in(busy, OWNER, PASSWORD, HERE)
    assert (caught.value.code, caught.value.status) == (MANY, 429)
    assert caught.value.retry_after_s == 2
    assert world.store.items == before


@pytest.mark.parametrize("email", [OWNER, NOBODY])
def test_thousand_wrong_passwords_at_once_reach_the_verifier_a_few_times(
    world: World, farm: Farm, email: str
) -> None:
    world.passwords.verified.clear()

    def attempt(number: int) -> str:
        return _refusal(world, email, f"wrong {number}").code

    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(attempt, range(1000)))
    assert codes.count(WRONG) == ACCOUNT_FREE == len(world.passwords.verified)
    assert codes.count(MANY) == 1000 - ACCOUNT_FREE
    assert sign_in(world.ports, OWNER, PASSWORD, THERE)


@pytest.mark.parametrize("email", [OWNER, NOBODY])
def test_thousand_patient_tries_do_not_get_in_and_slow_nobody_elsewhere(
    world: World, farm: Farm, email: str
) -> None:
    """Whoever waits as long as they are told needs ten days for it."""
    sessions, waited_s, tries = _sessions(world), 0.0, 0
    while tries < 1000:
        fault = _refusal(world, email, f"wrong {tries}")
        if fault.code == WRONG:
            tries += 1
            continue
        assert (fault.code, fault.status) == (MANY, 429)
        assert fault.retry_after_s is not None
        world.clock.advance(fault.retry_after_s)
        waited_s += fault.retry_after_s
    assert _sessions(world) == sessions
    assert waited_s > 9 * DAY_S
    before = len(world.passwords.verified)
    assert sign_in(world.ports, OWNER, PASSWORD, THERE)
    assert len(world.passwords.verified) == before + 1


def test_right_password_forgets_the_wrong_ones_before(world: World, farm: Farm) -> None:
    for _ in range(3):
        for _ in range(ACCOUNT_FREE - 1):
            _refusal(world)
        assert sign_in(world.ports, OWNER, PASSWORD, HERE)


def test_right_password_waits_as_well_and_says_how_long(world: World, farm: Farm) -> None:
    for _ in range(ACCOUNT_FREE):
        _refusal(world)
    fault = _refusal(world, OWNER, PASSWORD)
    assert (fault.code, fault.retry_after_s) == (MANY, 1)
    world.clock.advance(1)
    assert sign_in(world.ports, OWNER, PASSWORD, HERE)


def test_one_caller_is_limited_whomever_it_names_and_blocks_nobodys_account(world: World, farm: Farm) -> None:
    codes = [_refusal(world, f"{number}@example.test").code for number in range(ADDRESS_FREE + 5)]
    assert codes == [WRONG] * ADDRESS_FREE + [MANY] * 5
    assert _refusal(world, OWNER, PASSWORD).code == MANY
    assert sign_in(world.ports, OWNER, PASSWORD, THERE)


def test_an_account_of_ones_own_buys_no_more_tries_at_others(world: World, farm: Farm) -> None:
    codes = []
    for number in range(ADDRESS_FREE + 5):
        codes.append(_refusal(world, f"{number}@example.test").code)
        if codes[-1] == WRONG and number < ADDRESS_FREE - 1:
            sign_in(world.ports, OWNER, PASSWORD, HERE)
    assert codes.count(WRONG) == ADDRESS_FREE


def test_callers_whose_address_is_not_known_share_one(world: World, farm: Farm) -> None:
    codes = [_refusal(world, f"{n}@example.test", origin=Origin()).code for n in range(ADDRESS_FREE + 1)]
    assert codes == [WRONG] * ADDRESS_FREE + [MANY]


def _noted(world: World) -> list[AuditEntry]:
    items = sorted(world.store.items.items())
    own = keys.audit_pk(None)
    return [item.read(AuditEntry) for key, item in items if key.pk == own and item.kind == "auditentry"]


def test_signing_in_is_noted_and_failing_is_not(world: World, farm: Farm) -> None:
    before = len(_noted(world))
    _refusal(world)
    _refusal(world, NOBODY)
    stranger = replace(world.ports, actor=Actor("", HERE.address))
    sign_in(stranger, OWNER, PASSWORD, HERE)
    (line,) = _noted(world)[before:]
    assert (line.action, line.thing) == ("sign_in", f"account {OWNER}")
    assert (line.by, line.address) == (OWNER, HERE.address)


def test_second_factor_is_asked_for_only_after_the_right_password(world: World, farm: Farm) -> None:
    telephone = with_second_factor(world)
    world.clock.advance(60)
    code = telephone.code(world.clock())
    assert _refusal(world).code == WRONG
    assert _refusal(world, code=code).code == WRONG
    wanted = _refusal(world, password=PASSWORD)
    assert (wanted.code, wanted.status, wanted.field) == ("code_wanted", 401, "code")
    assert _refusal(world, password=PASSWORD, code="  ").code == "code_wanted"
    assert sign_in(world.ports, OWNER, PASSWORD, HERE, code)


def test_no_code_opens_two_sessions(world: World, farm: Farm) -> None:
    telephone = with_second_factor(world)
    world.clock.advance(60)
    code = telephone.code(world.clock())
    sign_in(world.ports, OWNER, PASSWORD, HERE, code)
    refused = _refusal(world, password=PASSWORD, code=code)
    assert (refused.code, refused.status) == ("code_refused", 401)
    assert sign_in(world.ports, OWNER, PASSWORD, HERE, telephone.recovery[0])
    assert _refusal(world, password=PASSWORD, code=telephone.recovery[0]).code == "code_refused"


def test_a_code_used_twice_at_once_opens_one_session(world: World, farm: Farm) -> None:
    telephone = with_second_factor(world)
    world.clock.advance(60)
    code, sessions = telephone.code(world.clock()), _sessions(world)

    def rival() -> None:
        sign_in(world.ports, OWNER, PASSWORD, THERE, code)

    # Before each write of ours, until the code is taken.
    world.store.interruptions = [lambda: None, lambda: None, lambda: None, lambda: None, rival]
    assert _refusal(world, password=PASSWORD, code=code).code == "try_again"
    assert _sessions(world) == sessions + 1


def test_whoever_knows_the_password_cannot_guess_codes_from_anywhere(world: World, farm: Farm) -> None:
    with_second_factor(world)
    origins = [Origin(f"192.0.2.{number}") for number in range(CODES_FREE + 5)]
    codes = [_refusal(world, OWNER, PASSWORD, origin, "000000").code for origin in origins]
    assert codes == ["code_refused"] * CODES_FREE + [MANY] * 5


def test_wrong_codes_count_as_wrong_passwords_do(world: World, farm: Farm) -> None:
    with_second_factor(world)
    codes = [_refusal(world, password=PASSWORD, code="000000").code for _ in range(ACCOUNT_FREE + 1)]
    assert codes == ["code_refused"] * ACCOUNT_FREE + [MANY]


def test_account_of_an_older_program_is_written_out(world: World, farm: Farm) -> None:
    person = world.store.items[keys.person(OWNER)].read(Person)
    old = msgspec.structs.replace(person, farm=farm.farm, farms={})
    world.store.write(Put(Item.of(keys.person(OWNER), old, revision=5)))
    del world.store.items[keys.members(farm.farm)]
    sign_in(world.ports, OWNER, PASSWORD)
    place = Membership(Role.OWNER, None, person.created_at)
    written = world.store.items[keys.person(OWNER)].read(Person)
    assert (written.farm, written.farms) == ("", {farm.farm: place})
    assert world.store.items[keys.members(farm.farm)].read(Members).members == {OWNER: place}
