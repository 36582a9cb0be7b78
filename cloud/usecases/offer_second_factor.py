"""Offers somebody a secret for their authenticator; it counts once a code proves that it arrived."""

from __future__ import annotations

import msgspec

from cloud.domain.people import Person
from cloud.domain.second_factor import qr_rows, totp_secret, uri
from cloud.ports import Ports
from cloud.usecases.change_account import change_account, find_account
from wire.faults import Fault
from wire.people import SecondFactorOffer


def offer_second_factor(ports: Ports, email: str) -> SecondFactorOffer:
    """A new secret, which takes the place of one that was not proved.

    Raises Fault `second_factor_on`, `no_password` or `try_again` (409).
    """
    item = find_account(ports, email)
    person = item.read(Person)
    _check(person)
    secret = totp_secret(ports.randomness.new_secret())
    change_account(ports, item, msgspec.structs.replace(person, totp_offered=secret))
    address = uri(secret, email)
    return SecondFactorOffer(secret, address, qr_rows(address))


def _check(person: Person) -> None:
    if person.totp_secret is not None:
        message = "A second factor is on already; end it first."
        raise Fault("second_factor_on", message, status=409)
    if not person.password_hash:
        message = "It would guard a password, and this account has none: your provider signs you in."
        raise Fault("no_password", message, status=409)
