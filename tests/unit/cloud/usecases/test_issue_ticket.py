"""A ticket's right is kept as a digest, for half a minute."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.people import Ticket
from cloud.ports import Item
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.sign_out import sign_out
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, World


def test_ticket_is_kept_by_its_digest_for_its_farm(world: World, farm: Farm) -> None:
    person = world.person(farm)
    made = issue_ticket(world.ports, person)
    key = keys.ticket(tokens.sha256(made.ticket))
    assert made.expires_at == NOW + 30
    ticket = Ticket(farm.farm, farm.email, person.session)
    assert world.store.items[key] == Item.of(key, ticket, expires_at=NOW + 30)


def test_each_ticket_differs(world: World, farm: Farm) -> None:
    person = world.person(farm)
    assert issue_ticket(world.ports, person).ticket != issue_ticket(world.ports, person).ticket


def test_session_that_ends_at_that_moment_stays_ended(world: World, farm: Farm) -> None:
    person = world.person(farm)
    world.clock.advance(3600)
    ends = [lambda: None, lambda: sign_out(world.ports, farm.email, person.session)]
    world.store.interruptions = [*ends]
    issue_ticket(world.ports, person)
    assert keys.session(farm.email, person.session) not in world.store.items
