"""Ends sessions of one's own: a browser that was left signed in somewhere, or all but this one."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import Person
from cloud.domain.principals import AccountPrincipal
from cloud.ports import Delete, Ports, Present
from cloud.usecases.change_account import find_account
from cloud.usecases.close_socket import end_sockets
from cloud.usecases.keep_audit import note_account
from cloud.usecases.list_sessions import find_sessions
from wire.faults import Fault


def end_session(ports: Ports, account: AccountPrincipal, session: str) -> None:
    """Its cookie stops working and its sockets close, at once; raises Fault `session_unknown` (404)."""
    act = Act("end_session", f"account {account.email}")
    if not note_account(ports, act, [Delete(keys.session(account.email, session), Present())]):
        raise Fault("session_unknown", "There is no such session.", "session", status=404)
    _end_sockets(ports, account.email, session)


def end_other_sessions(ports: Ports, account: AccountPrincipal) -> None:
    """Every session but the one that asks; its own sockets close as well, and come back by themselves."""
    this = keys.session(account.email, account.session)
    others = [item.key for item in find_sessions(ports, account.email) if item.key != this]
    note_account(ports, Act("end_other_sessions", f"account {account.email}", after={"ended": len(others)}))
    for key in others:
        ports.store.write(Delete(key))
    _end_sockets(ports, account.email, None)


def _end_sockets(ports: Ports, email: str, session: str | None) -> None:
    end_sockets(ports, find_account(ports, email).read(Person).memberships, email, session)
