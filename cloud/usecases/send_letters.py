"""Sends what waits in the outbox. Called again and again, by a clock."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import msgspec

from cloud.domain import keys
from cloud.domain.letters import LetterKind, LetterOrder, invitation_text, reset_text
from cloud.domain.policy import DAY_S
from cloud.ports import (
    AtRevision,
    Delete,
    Item,
    Letter,
    LetterRefused,
    Mail,
    MailUnavailable,
    Ports,
    Put,
    every,
)
from cloud.usecases.link_invitation import mail_invitation
from cloud.usecases.reset_password import new_reset

_log = logging.getLogger(__name__)
TRIES_MAX = 10
_FIRST_PAUSE_S = 60.0
_ROUND_S = 20.0
"""No round goes on for longer, but for the letter under way."""


def send_letters(ports: Ports) -> None:
    """Sends what is due, until mail is unavailable; the others then wait for the next round.

    A letter that fails is tried again after 1, 2, 4 … minutes, 10 times, and given up after a day; at
    once if it is refused for good.
    """
    if ports.mail is None:
        return
    until = ports.clock() + _ROUND_S
    for item in _waiting(ports):
        if ports.clock() >= until or not _handle(ports, ports.mail, item):
            return


def _waiting(ports: Ports) -> Iterator[Item]:
    """Resets first: who is locked out waits for nobody's invitations."""
    for kind in (LetterKind.RESET, LetterKind.INVITATION):
        prefix = f"{keys.LETTER_PREFIX}{kind}#"
        yield from every(ports.store, keys.OUTBOX_PK, prefix, prefix + "~")


def _handle(ports: Ports, mail: Mail, item: Item) -> bool:
    """False when no letter can be sent now."""
    order, now = item.read(LetterOrder), ports.clock()
    if order.tries >= TRIES_MAX or now - order.asked_at >= DAY_S:
        _log.error("a letter (%s) was given up after %d tries", order.kind, order.tries)
        ports.store.write(Delete(item.key, AtRevision(item.revision)))
        return True
    if order.again_at > now:
        return True
    claimed = _claim(ports, item, order, now)
    return claimed is None or _send(ports, mail, order, claimed)


def _claim(ports: Ports, item: Item, order: LetterOrder, now: float) -> Item | None:
    """So that of two rounds at once one alone sends it, and none again at once if this one is cut short."""
    again_at = now + _FIRST_PAUSE_S * 2**order.tries
    claimed = msgspec.structs.replace(order, tries=order.tries + 1, again_at=again_at)
    put = Put(
        Item.of(item.key, claimed, revision=item.revision + 1, expires_at=item.expires_at),
        AtRevision(item.revision),
    )
    return put.item if ports.store.write(put) else None


def _send(ports: Ports, mail: Mail, order: LetterOrder, claimed: Item) -> bool:
    letter = _written(ports, order)
    try:
        if letter is not None:
            mail.send(letter)
    except LetterRefused as error:
        if not error.for_good:
            _warn(order, error)
            return True
        _log.error("a letter (%s) was given up, for it was refused: %s", order.kind, error)
    except MailUnavailable as error:
        _warn(order, error)
        return False
    ports.store.write(Delete(claimed.key, AtRevision(claimed.revision)))
    return True


def _warn(order: LetterOrder, error: Exception) -> None:
    _log.warning("a letter (%s) was not sent, try %d: %s", order.kind, order.tries + 1, error)


def _written(ports: Ports, order: LetterOrder) -> Letter | None:
    """None when there is nothing to say any more: no such account, or the invitation is closed."""
    if order.kind is LetterKind.RESET:
        secret = new_reset(ports, order.email)
        link = f"{ports.public_url}/#/reset/{secret}"
        return Letter(order.email, *reset_text(link, ports.policy.reset_s)) if secret else None
    mailed = mail_invitation(ports, order.farm, order.invitation)
    if mailed is None:
        return None
    valid_s = mailed.invitation.expires_at - ports.clock()
    said = invitation_text(mailed.link, mailed.farm_name, mailed.invitation.invited_by, valid_s)
    return Letter(order.email, *said)
