"""Opens a session for an e-mail address and its password."""

from __future__ import annotations

import math

from cloud.domain import keys, tokens
from cloud.domain.records import Person, Session
from cloud.domain.session_cookie import new_cookie
from cloud.ports import Item, PasswordsBusy, Ports, Put
from wire.faults import Fault

_BUSY_S = 2.0


def sign_in(ports: Ports, email: str, password: str, address: str = "") -> str:
    """The cookie of a new session; raises Fault `sign_in_refused` (401) or `too_many_sign_ins` (429).

    An unknown e-mail address counts, and costs one verification, as a known one does, so that neither
    answers nor their time tell who has an account. `address`: where it came from, "" if not known.
    """
    email = email.strip().lower()
    _check_rates(ports, email, address)
    item = ports.store.get(keys.person(email))
    person = item.read(Person) if item else None
    if not _is_right(ports, password, person) or person is None:
        raise Fault("sign_in_refused", "E-mail or password is wrong.", status=401)
    return _open_session(ports, person)


def _check_rates(ports: Ports, email: str, address: str) -> None:
    """Before anything is read or verified; what one caller may not do is not held against the account."""
    by_address, by_email = ports.sign_ins_by_address, ports.sign_ins_by_email
    wait_s = by_address.take(address) if by_address and address else 0.0
    if wait_s == 0 and by_email:
        wait_s = by_email.take(tokens.sha256(email))
    if wait_s > 0:
        raise _too_many(wait_s)


def _is_right(ports: Ports, password: str, person: Person | None) -> bool:
    try:
        return ports.passwords.verify(password, person.password_hash if person else None)
    except PasswordsBusy as busy:
        raise _too_many(_BUSY_S) from busy


def _too_many(wait_s: float) -> Fault:
    message = f"Too many sign-ins; please wait {math.ceil(wait_s)} s."
    return Fault("too_many_sign_ins", message, status=429, retry_after_s=wait_s)


def _open_session(ports: Ports, person: Person) -> str:
    cookie = new_cookie(ports.randomness.new_secret(), person.email)
    now = ports.clock()
    session = Session(person.email, person.farm, now, person.generation)
    key = keys.session(tokens.sha256(cookie))
    ports.store.write(Put(Item.of(key, session, expires_at=now + ports.policy.session_s)))
    return cookie
