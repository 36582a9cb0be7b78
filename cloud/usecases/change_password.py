"""Lets somebody who is signed in choose another password."""

from __future__ import annotations

from cloud.domain.audit import Act
from cloud.domain.passwords import checked_password
from cloud.domain.people import Person
from cloud.ports import Ports
from cloud.usecases.change_account import change_account
from cloud.usecases.check_password import check_password
from cloud.usecases.close_socket import end_sockets
from cloud.usecases.limit_tries import forget_tries, of_account
from cloud.usecases.open_session import Origin, open_session
from cloud.usecases.set_password import with_password
from wire.faults import Fault
from wire.people import PasswordChange


def change_password(ports: Ports, email: str, change: PasswordChange, origin: Origin) -> str:
    """The cookie of a new session, the only one that is left.

    Raises Fault `bad_password` (422), `password_wrong` (403), `too_many_sign_ins` (429) or
    `try_again` (409).
    """
    checked_password(change.new, email, "new")
    item = check_password(ports, email, change.old, origin.address)
    if item is None:
        raise Fault("password_wrong", "This is not your password.", "old", status=403)
    person = with_password(ports, item.read(Person), change.new, "new")
    change_account(ports, item, person, Act("change_password", f"account {email}"))
    forget_tries(ports, of_account(email, origin.address))
    end_sockets(ports, person.memberships, email)
    return open_session(ports, person, origin)
