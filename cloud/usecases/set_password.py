"""Gives an account a new password, at the word of the commander's operator."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.passwords import checked_password
from cloud.domain.people import Person
from cloud.domain.second_factor import without_second_factor
from cloud.ports import Ports
from cloud.usecases.change_account import change_account
from cloud.usecases.close_socket import end_sockets
from cloud.usecases.find_account import find_account
from wire.faults import Fault


def set_password(ports: Ports, email: str, password: str, *, end_second_factor: bool = False) -> None:
    """The old password and every session opened before stop working.

    Raises Fault `bad_password` (422), `account_unknown` (404) or `try_again` (409).
    """
    email = find_account(ports, email)
    item = ports.store.get(keys.person(email))
    if item is None:
        raise Fault("account_unknown", f"There is no account for {email}.", status=404)
    old = item.read(Person)
    person = with_password(ports, old, password)
    act = Act("set_password", f"account {email}", after={"second_factor_ended": end_second_factor})
    change_account(ports, item, without_second_factor(person) if end_second_factor else person, act)
    end_sockets(ports, person.memberships, email)


def with_password(ports: Ports, old: Person, password: str, field: str = "password") -> Person:
    """The person with another password, whose sessions have all ended; raises Fault `bad_password` (422)."""
    hashed = ports.passwords.hash(checked_password(password, old.email, field))
    return msgspec.structs.replace(old, password_hash=hashed, generation=old.generation + 1)
