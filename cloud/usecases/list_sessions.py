"""Lists where somebody is signed in."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.people import Person, Session
from cloud.domain.principals import AccountPrincipal
from cloud.ports import Item, Ports, every
from cloud.usecases.change_account import find_account
from wire.people import SessionList, SessionRow


def list_sessions(ports: Ports, account: AccountPrincipal) -> SessionList:
    """Every session that still works, the last seen first."""
    rows = [_row(item, account) for item in find_sessions(ports, account.email)]
    return SessionList(sorted(rows, key=lambda row: -row.seen_at))


def find_sessions(ports: Ports, email: str) -> list[Item]:
    """The sessions of an account that no other password has ended."""
    generation = find_account(ports, email).read(Person).generation
    prefix = keys.SESSION_PREFIX
    found = every(ports.store, keys.person_pk(email), prefix, prefix + "~")
    return [item for item in found if item.read(Session).generation == generation]


def _row(item: Item, account: AccountPrincipal) -> SessionRow:
    session, digest = item.read(Session), item.key.sk.removeprefix(keys.SESSION_PREFIX)
    return SessionRow(
        session=digest,
        created_at=session.created_at,
        seen_at=session.seen_at or session.created_at,
        address=session.address,
        browser=session.browser,
        current=digest == account.session,
    )
