"""Compares a password with an account's, once a try is left for it."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Item, PasswordsBusy, Ports
from cloud.usecases.limit_tries import give_back_try, of_account, of_address, reserve_try, too_many

_BUSY_S = 2.0


def check_password(ports: Ports, email: str, password: str, address: str) -> Item | None:
    """The account's item; None when the password is wrong, or there is no such account or no password.

    Each costs one try and one verification, so that neither answers nor their time tell who has an
    account. A right one is given back to the address; to the account by `forget_tries`, when nothing
    else is wrong. Raises Fault `too_many_sign_ins` (429) before anything is verified.
    """
    limits = of_account(email, address), *of_address(address)
    reserve_try(ports, limits)
    item = ports.store.get(keys.person(email))
    password_hash = item.read(Person).password_hash if item else ""
    try:
        right = ports.passwords.verify(password, password_hash or None)
    except PasswordsBusy as busy:
        for limit in limits:
            give_back_try(ports, limit)
        raise too_many("Too many passwords are being looked at just now", _BUSY_S) from busy
    if not right or item is None:
        return None
    for limit in of_address(address):
        give_back_try(ports, limit)
    return item
