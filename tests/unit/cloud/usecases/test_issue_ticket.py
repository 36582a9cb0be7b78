"""A ticket's right is kept as a digest, for half a minute."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.records import Ticket
from cloud.ports import Item
from cloud.usecases.issue_ticket import issue_ticket
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, World


def test_ticket_is_kept_by_its_digest_for_its_farm(world: World, farm: Farm) -> None:
    person = world.person(farm)
    made = issue_ticket(world.ports, person)
    key = keys.ticket(tokens.sha256(made.ticket))
    assert made.expires_at == NOW + 30
    assert world.store.items[key] == Item.of(key, Ticket(farm.farm, person.session), expires_at=NOW + 30)


def test_each_ticket_differs(world: World, farm: Farm) -> None:
    person = world.person(farm)
    assert issue_ticket(world.ports, person).ticket != issue_ticket(world.ports, person).ticket
