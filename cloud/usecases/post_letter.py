"""Puts letters into the outbox, from which the clock sends them."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.letters import LetterKind, LetterOrder
from cloud.domain.policy import DAY_S
from cloud.domain.tokens import sha256
from cloud.ports import Item, Ports, Put

KEPT_S = 2 * DAY_S
"""Beyond the day after which `send_letters` gives a letter up, and says so."""


def post_letter(ports: Ports, order: LetterOrder) -> None:
    """The letter goes out within a minute or so, and is tried for a day; only where `ports.mail` is set."""
    ports.store.write(letter_put(order, ports.clock()))


def letter_put(order: LetterOrder, now: float) -> Put:
    """The write that `post_letter` makes, for a commit of one's own.

    A second letter about the same thing takes the place of one that has not gone out yet.
    """
    about = order.invitation if order.kind is LetterKind.INVITATION else sha256(order.email)
    asked = msgspec.structs.replace(order, asked_at=now)
    return Put(Item.of(keys.letter(order.kind, about), asked, expires_at=now + KEPT_S))
