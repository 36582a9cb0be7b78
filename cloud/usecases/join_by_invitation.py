"""Makes an account for somebody who is invited, and signs them in."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.members import checked_email
from cloud.domain.passwords import checked_password
from cloud.domain.people import Person
from cloud.ports import Ports
from cloud.usecases.admit_person import admit_person, check_invited
from cloud.usecases.find_invitation import find_invitation
from cloud.usecases.keep_audit import note_account
from cloud.usecases.keep_members import tried_again
from cloud.usecases.limit_tries import give_back_try, of_address, reserve_try
from cloud.usecases.open_session import NOWHERE, Origin, open_session
from wire.faults import Fault
from wire.people import Joining


def join_by_invitation(ports: Ports, joining: Joining, origin: Origin = NOWHERE) -> str:
    """The cookie of the new account's session.

    The address counts as verified only if the link came in a letter: owners see other links, and could
    else take an address that is not theirs. Each try that fails counts against the caller's address as one
    to sign in, for the answer tells whether there is an account.

    Raises Fault `invitation_unknown` (404), `bad_email` or `bad_password` (422), `invited_another` or
    `account_exists` (409), or `too_many_sign_ins` (429).
    """
    email = checked_email(joining.email)
    password = checked_password(joining.password, email)
    check_invited(find_invitation(ports, joining.secret).invitation, email)
    reserve_try(ports, of_address(origin.address))
    _check_is_new(ports, email)
    person = Person(email, "", ports.passwords.hash(password), ports.clock())

    def attempt() -> Person | None:
        _check_is_new(ports, email)
        opened = find_invitation(ports, joining.secret)
        joined = msgspec.structs.replace(person, verified=opened.mailed)
        return joined if admit_person(ports, opened, joined, 0) else None

    joined = tried_again(attempt)
    for limit in of_address(origin.address):
        give_back_try(ports, limit)
    told = {"verified": joined.verified}
    note_account(ports, Act("create_account", f"account {email}", after=told), who=email)
    return open_session(ports, joined, origin)


def _check_is_new(ports: Ports, email: str) -> None:
    if ports.store.get(keys.person(email)) is not None:
        message = "There is an account for this address already: sign in with it."
        raise Fault("account_exists", message, "email", status=409)
