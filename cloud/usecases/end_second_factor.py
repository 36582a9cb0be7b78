"""Turns a second factor off, for who knows the password and has a code."""

from __future__ import annotations

from cloud.domain.audit import Act
from cloud.domain.people import Person
from cloud.domain.second_factor import without_second_factor
from cloud.ports import Ports
from cloud.usecases.change_account import change_account
from cloud.usecases.check_password import check_password
from cloud.usecases.limit_tries import forget_tries, of_account
from cloud.usecases.take_code import take_code
from wire.faults import Fault
from wire.people import SecondFactorEnd


def end_second_factor(ports: Ports, email: str, end: SecondFactorEnd) -> None:
    """The password alone signs in again, and the recovery codes are void.

    Raises Fault `password_wrong` or `code_refused` (403), `second_factor_off` (409),
    `too_many_sign_ins` (429) or `try_again` (409).
    """
    address = ports.actor.address
    item = check_password(ports, email, end.password, address)
    if item is None:
        raise Fault("password_wrong", "This is not your password.", "password", status=403)
    if item.read(Person).totp_secret is None:
        raise Fault("second_factor_off", "There is no second factor to end.", status=409)
    item = take_code(ports, item, end.code, status=403)
    act = Act("end_second_factor", f"account {email}")
    change_account(ports, item, without_second_factor(item.read(Person)), act)
    forget_tries(ports, of_account(email, address))
