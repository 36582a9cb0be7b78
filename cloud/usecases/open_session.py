"""Signs a browser in as somebody who has proved who they are."""

from __future__ import annotations

from typing import NamedTuple

from cloud.domain import keys, tokens
from cloud.domain.people import Person, Session
from cloud.domain.session_cookie import new_cookie
from cloud.ports import Item, Ports, Put

BROWSER_MAX = 200


class Origin(NamedTuple):
    """Where a request comes from: the address of its sender, and what its browser calls itself."""

    address: str = ""
    browser: str = ""


NOWHERE = Origin()


def open_session(ports: Ports, person: Person, origin: Origin = NOWHERE) -> str:
    """The cookie of a new session."""
    cookie, now = new_cookie(ports.randomness.new_secret(), person.email), ports.clock()
    browser = origin.browser[:BROWSER_MAX]
    session = Session(person.email, now, person.generation, origin.address, browser, now)
    key = keys.session(person.email, tokens.sha256(cookie))
    ports.store.write(Put(Item.of(key, session, expires_at=now + ports.policy.session_s)))
    return cookie
