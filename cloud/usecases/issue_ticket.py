"""Gives a signed-in page the right to open one socket."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.principals import PersonPrincipal
from cloud.domain.records import Ticket
from cloud.ports import Item, Ports, Put
from wire.live import SocketTicket


def issue_ticket(ports: Ports, person: PersonPrincipal) -> SocketTicket:
    """A ticket that works once and dies after `policy.ticket_s`, so it may stand in a URL."""
    ticket = ports.randomness.new_secret()
    expires_at = ports.clock() + ports.policy.ticket_s
    key = keys.ticket(tokens.sha256(ticket))
    ports.store.write(Put(Item.of(key, Ticket(person.farm, person.session), expires_at=expires_at)))
    return SocketTicket(ticket, expires_at)
