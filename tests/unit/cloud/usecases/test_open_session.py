"""A new session: its cookie, and what is kept of where it came from."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.people import Person, Session
from cloud.domain.session_cookie import person_of
from cloud.usecases.open_session import BROWSER_MAX, Origin, open_session
from tests.fakes.reports import NOW
from tests.fakes.world import World

PERSON = Person("ünal@example.test", "", "hash", NOW, generation=3)


def test_it_is_kept_with_its_person_by_the_digest_of_its_cookie(world: World) -> None:
    cookie = open_session(world.ports, PERSON, Origin("192.0.2.1", "A browser"))
    assert person_of(cookie) == PERSON.email
    item = world.store.items[keys.session(PERSON.email, tokens.sha256(cookie))]
    assert item.read(Session) == Session(PERSON.email, NOW, 3, "192.0.2.1", "A browser", NOW)
    assert item.expires_at == NOW + world.ports.policy.session_s
    assert cookie.encode() not in item.body


def test_each_is_another_and_a_browser_cannot_make_it_large(world: World) -> None:
    cookies = {open_session(world.ports, PERSON, Origin("", "x" * 10_000)) for _ in range(2)}
    kept = [item.read(Session).browser for item in world.store.items.values()]
    assert (len(cookies), kept) == (2, ["x" * BROWSER_MAX] * 2)
