"""Offers who knows the password a secret for their authenticator; a code must prove that it arrived."""

from __future__ import annotations

import msgspec

from cloud.domain.people import Person
from cloud.domain.second_factor import qr_rows, totp_secret, uri
from cloud.ports import Ports
from cloud.usecases.change_account import change_account, find_account
from cloud.usecases.check_password import check_password
from cloud.usecases.limit_tries import forget_tries, of_account
from wire.faults import Fault
from wire.people import SecondFactorOffer


def offer_second_factor(ports: Ports, email: str, password: str) -> SecondFactorOffer:
    """A new secret, which takes the place of one that was not proved.

    The password is asked for, or a stolen session could lock its person out. Raises Fault
    `second_factor_on`, `no_password` or `try_again` (409), `password_wrong` (403) or
    `too_many_sign_ins` (429).
    """
    item = find_account(ports, email)
    person = item.read(Person)
    _check(person)
    address = ports.actor.address
    if check_password(ports, email, password, address) is None:
        raise Fault("password_wrong", "This is not your password.", "password", status=403)
    secret = totp_secret(ports.randomness.new_secret())
    change_account(ports, item, msgspec.structs.replace(person, totp_offered=secret))
    forget_tries(ports, of_account(email, address))
    text = uri(secret, email)
    return SecondFactorOffer(secret, text, qr_rows(text))


def _check(person: Person) -> None:
    if person.totp_secret is not None:
        message = "A second factor is on already; end it first."
        raise Fault("second_factor_on", message, status=409)
    if not person.password_hash:
        message = "It would guard a password, and this account has none: your provider signs you in."
        raise Fault("no_password", message, status=409)
