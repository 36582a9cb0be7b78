"""Lets whoever holds the secret of such a letter choose another password, once."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.letters import Reset
from cloud.domain.people import Person
from cloud.domain.second_factor import without_second_factor
from cloud.domain.tokens import sha256
from cloud.ports import Delete, Item, Ports, Present, Put, Write
from cloud.usecases.change_account import account_put
from cloud.usecases.close_socket import end_sockets
from cloud.usecases.keep_audit import note_account
from cloud.usecases.revoke_api_token import forget_api_tokens
from cloud.usecases.set_password import with_password
from wire.faults import Fault


def new_reset(ports: Ports, email: str) -> str | None:
    """The secret of a link that works once, for `policy.reset_s`; None where there is no such account."""
    item = ports.store.get(keys.person(email))
    if item is None:
        return None
    secret = ports.randomness.new_secret()
    reset = Reset(email, item.read(Person).generation)
    expires_at = ports.clock() + ports.policy.reset_s
    ports.store.write(Put(Item.of(keys.reset(sha256(secret)), reset, expires_at=expires_at)))
    return secret


def reset_password(ports: Ports, secret: str, password: str) -> None:
    """Every session ends; a second factor stays on. Who reads the letter has the address.

    Until then the account was anybody's who called it by that address: what they left in it to come
    back by, a second factor, a provider's sign-in or API tokens, ends as well.

    Raises Fault `link_refused` (404) or `bad_password` (422), which leaves the link as it is.
    """
    key = keys.reset(sha256(secret))
    item = _account(ports, ports.store.get(key))
    before = item.read(Person)
    person = with_password(ports, before, password, "new")
    if not before.verified:
        person = msgspec.structs.replace(without_second_factor(person), verified=True, identity=None)
    act = Act("reset_password", f"account {person.email}")
    writes: list[Write] = [Delete(key, Present()), account_put(item, person)]
    if not note_account(ports, act, writes, who=person.email):
        raise _refusal()
    end_sockets(ports, person.memberships, person.email)
    for farm in () if before.verified else person.memberships:
        forget_api_tokens(ports, farm, person.email)


def _account(ports: Ports, found: Item | None) -> Item:
    if found is None:
        raise _refusal()
    reset = found.read(Reset)
    item = ports.store.get(keys.person(reset.email))
    if item is None or item.read(Person).generation != reset.generation:
        raise _refusal()
    return item


def _refusal() -> Fault:
    message = "This link is unknown, used or too old; ask for another letter."
    return Fault("link_refused", message, status=404)
