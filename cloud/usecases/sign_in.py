"""Opens a session for an e-mail address, its password, and a code where there is a second factor."""

from __future__ import annotations

from cloud.domain.audit import Act
from cloud.domain.people import Person
from cloud.ports import Item, Ports
from cloud.usecases.check_password import check_password
from cloud.usecases.find_account import find_account
from cloud.usecases.keep_audit import note_account
from cloud.usecases.limit_tries import forget_tries, of_account
from cloud.usecases.open_session import NOWHERE, Origin, open_session
from cloud.usecases.take_code import take_code
from cloud.usecases.write_out_farms import write_out_farms
from wire.faults import Fault


def sign_in(ports: Ports, email: str, password: str, origin: Origin = NOWHERE, code: str = "") -> str:
    """The cookie of a new session.

    Raises Fault `sign_in_refused`, `code_wanted` or `code_refused` (401), `too_many_sign_ins` (429) or
    `try_again` (409). Whoever is asked for a code has shown the right password.
    """
    email = find_account(ports, email)
    item = check_password(ports, email, password, origin.address)
    if item is None:
        raise Fault("sign_in_refused", "E-mail or password is wrong.", status=401)
    item = _with_code(ports, item, code)
    forget_tries(ports, of_account(email, origin.address))
    write_out_farms(ports, item)
    note_account(ports, Act("sign_in", f"account {email}"), who=email)
    return open_session(ports, item.read(Person), origin)


def _with_code(ports: Ports, item: Item, code: str) -> Item:
    if item.read(Person).totp_secret is None:
        return item
    if not code.strip():
        raise Fault("code_wanted", "Type the code that your authenticator shows.", "code", status=401)
    return take_code(ports, item, code)
