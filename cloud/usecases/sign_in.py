"""Opens a session for an e-mail address and its password."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.records import Person, Session
from cloud.ports import Item, Ports, Put
from wire.faults import Fault


def sign_in(ports: Ports, email: str, password: str) -> str:
    """The cookie of a new session; raises Fault `sign_in_refused` (401).

    An unknown address costs one verification as well, so that time does not tell who has an account.
    """
    item = ports.store.get(keys.person(email.strip().lower()))
    person = item.read(Person) if item else None
    stored = person.password_hash if person else None
    if not ports.passwords.verify(password, stored) or person is None:
        raise Fault("sign_in_refused", "E-mail or password is wrong.", status=401)
    return _open_session(ports, person)


def _open_session(ports: Ports, person: Person) -> str:
    cookie = ports.randomness.new_secret()
    now = ports.clock()
    session = Session(person.email, person.farm, now)
    key = keys.session(tokens.sha256(cookie))
    ports.store.write(Put(Item.of(key, session, expires_at=now + ports.policy.session_s)))
    return cookie
