"""An account's life on every store: tries that are counted, codes that count once, letters, sessions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pyotp
import pytest

from cloud.ports import Ports, Store
from cloud.usecases.authorise_person import authorise_account
from cloud.usecases.change_password import change_password
from cloud.usecases.create_owner import create_owner
from cloud.usecases.end_session import end_other_sessions
from cloud.usecases.forget_password import forget_password
from cloud.usecases.limit_tries import ACCOUNT_FREE
from cloud.usecases.list_sessions import list_sessions
from cloud.usecases.offer_second_factor import offer_second_factor
from cloud.usecases.open_session import Origin
from cloud.usecases.prove_second_factor import prove_second_factor
from cloud.usecases.reset_password import reset_password
from cloud.usecases.send_letters import send_letters
from cloud.usecases.sign_in import sign_in
from tests.fakes.mail import FakeMail
from tests.fakes.ports import FakePasswords, fake_ports
from tests.fakes.time_and_chance import FakeClock
from tests.fakes.world import OWNER, PASSWORD
from tests.unit.cloud.usecases.letters import secret_of
from wire.faults import Fault
from wire.people import PasswordChange

HERE, THERE = Origin("192.0.2.1"), Origin("2001:db8::1")


@pytest.fixture
def ports(store: Store, clock: FakeClock) -> Ports:
    made = fake_ports(store=store, clock=clock)
    create_owner(made, OWNER, PASSWORD, "North")
    return made


def _code(ports: Ports, password: str, origin: Origin = HERE, code: str = "") -> str:
    """The code of the refusal, "" when somebody was signed in."""
    try:
        sign_in(ports, OWNER, password, origin, code)
    except Fault as refused:
        return refused.code
    return ""


def test_wrong_passwords_at_once_and_the_right_one_from_elsewhere(ports: Ports) -> None:
    passwords = FakePasswords()
    ports = replace(ports, passwords=passwords)
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda number: _code(ports, f"wrong {number}"), range(3 * ACCOUNT_FREE)))
    assert len(passwords.verified) == codes.count("sign_in_refused") == ACCOUNT_FREE
    assert codes.count("too_many_sign_ins") == 2 * ACCOUNT_FREE
    assert _code(ports, PASSWORD, THERE) == ""


def test_second_factor_and_a_letter(ports: Ports, clock: FakeClock) -> None:
    mail = FakeMail()
    ports = replace(ports, mail=mail)
    secret = offer_second_factor(ports, OWNER, PASSWORD).secret
    recovery = prove_second_factor(ports, OWNER, pyotp.TOTP(secret).at(int(clock()))).codes
    clock.advance(30)
    code = pyotp.TOTP(secret).at(int(clock()))
    assert [_code(ports, PASSWORD, HERE, each) for each in ("", code, code)] == [
        "code_wanted",
        "",
        "code_refused",
    ]
    forget_password(ports, OWNER, HERE.address)
    send_letters(ports)
    reset_password(ports, secret_of(mail.sent[0], "reset"), "quite-another")
    assert _code(ports, PASSWORD) == "sign_in_refused"
    assert [_code(ports, "quite-another", HERE, recovery[0]) for _ in range(2)] == ["", "code_refused"]


def test_sessions_are_listed_ended_and_end_with_the_password(ports: Ports, clock: FakeClock) -> None:
    cookies = []
    for origin in (HERE, THERE, HERE):
        cookies.append(sign_in(ports, OWNER, PASSWORD, origin))
        clock.advance(1)
    account = authorise_account(ports, cookies[0])
    rows = list_sessions(ports, account).sessions
    assert [(row.address, row.current) for row in rows] == [
        (HERE.address, False),
        (THERE.address, False),
        (HERE.address, True),
    ]
    end_other_sessions(ports, account)
    assert [row.current for row in list_sessions(ports, account).sessions] == [True]
    cookie = change_password(ports, OWNER, PasswordChange(PASSWORD, "quite-another"), HERE)
    with pytest.raises(Fault, match="sign in"):
        authorise_account(ports, cookies[0])
    assert len(list_sessions(ports, authorise_account(ports, cookie)).sessions) == 1
