"""Where somebody is signed in."""

from __future__ import annotations

from cloud.domain import tokens
from cloud.usecases.authorise_person import authorise_account
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.list_sessions import list_sessions
from cloud.usecases.open_session import Origin
from cloud.usecases.set_password import set_password
from cloud.usecases.sign_in import sign_in
from tests.fakes.reports import NOW
from tests.fakes.world import OWNER, PASSWORD, Farm, World
from wire.people import SessionRow


def _rows(world: World, cookie: str) -> list[SessionRow]:
    return list_sessions(world.ports, authorise_account(world.ports, cookie)).sessions


def test_each_with_its_origin_the_last_seen_first(world: World, farm: Farm) -> None:
    world.clock.advance(60)
    other = sign_in(world.ports, OWNER, PASSWORD, Origin("192.0.2.1", "B" * 500))
    world.farm("South", "south@example.test")
    first, second = _rows(world, farm.cookie)
    assert first == SessionRow(tokens.sha256(other), NOW + 60, NOW + 60, "192.0.2.1", "B" * 200, False)
    assert second == SessionRow(tokens.sha256(farm.cookie), NOW, NOW, "", "", True)


def test_opening_a_page_is_seen_to_the_hour(world: World, farm: Farm) -> None:
    world.clock.advance(3599)
    issue_ticket(world.ports, world.person(farm))
    assert _rows(world, farm.cookie)[0].seen_at == NOW
    world.clock.advance(1)
    issue_ticket(world.ports, world.person(farm))
    assert _rows(world, farm.cookie)[0].seen_at == NOW + 3600


def test_being_seen_prolongs_no_session(world: World, farm: Farm) -> None:
    other = sign_in(world.ports, OWNER, PASSWORD)
    world.clock.advance(world.ports.policy.session_s - 1)
    later = sign_in(world.ports, OWNER, PASSWORD)
    issue_ticket(world.ports, world.person(farm._replace(cookie=other)))
    assert len(_rows(world, later)) == 3
    world.clock.advance(1)
    assert [row.current for row in _rows(world, later)] == [True]


def test_ended_ones_are_not_listed(world: World, farm: Farm) -> None:
    set_password(world.ports, OWNER, "quite-another")
    again = sign_in(world.ports, OWNER, "quite-another")
    assert [row.current for row in _rows(world, again)] == [True]
