"""Gives a signed-in page the right to open one socket."""

from __future__ import annotations

import msgspec

from cloud.domain import keys, tokens
from cloud.domain.people import Session, Ticket
from cloud.domain.principals import PersonPrincipal
from cloud.ports import AtRevision, Item, Ports, Put
from wire.live import SocketTicket

SEEN_EVERY_S = 3600


def issue_ticket(ports: Ports, person: PersonPrincipal) -> SocketTicket:
    """A ticket that works once and dies after `policy.ticket_s`, so it may stand in a URL."""
    secret = ports.randomness.new_secret()
    expires_at = ports.clock() + ports.policy.ticket_s
    ticket = Ticket(person.farm, person.email, person.session)
    ports.store.write(Put(Item.of(keys.ticket(tokens.sha256(secret)), ticket, expires_at=expires_at)))
    _note_seen(ports, person)
    return SocketTicket(secret, expires_at)


def _note_seen(ports: Ports, person: PersonPrincipal) -> None:
    """For the list of sessions, at most once an hour; one that ends meanwhile stays ended."""
    item, now = ports.store.get(keys.session(person.email, person.session)), ports.clock()
    if item is None or now < item.read(Session).seen_at + SEEN_EVERY_S:
        return
    seen = msgspec.structs.replace(item.read(Session), seen_at=now)
    renewed = Item.of(item.key, seen, revision=item.revision + 1, expires_at=item.expires_at)
    ports.store.write(Put(renewed, AtRevision(item.revision)))
