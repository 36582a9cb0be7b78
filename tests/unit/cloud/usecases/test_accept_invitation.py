"""Invitations that people with an account accept."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Item, Ports, Put
from cloud.usecases.accept_invitation import accept_invitation
from cloud.usecases.find_invitation import find_invited
from cloud.usecases.link_invitation import mail_invitation
from cloud.usecases.show_session import show_session
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.seats import ANN, BOB, UNKNOWN_SECRET, fault_of, invited, roles, secret_of
from tests.unit.cloud.usecases.turns import interleave
from wire.faults import Fault
from wire.people import Role


@pytest.fixture
def ann(world: World) -> Farm:
    return world.farm("South", ANN)


def _refused(world: World, email: str, secret: str) -> tuple[str, int]:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        accept_invitation(world.ports, email, secret)
    assert world.store.items == before
    return fault_of(caught)


def _set_verified(world: World, email: str, *, verified: bool) -> None:
    item = world.store.items[keys.person(email)]
    person = msgspec.structs.replace(item.read(Person), verified=verified)
    world.store.write(Put(Item.of(item.key, person, revision=item.revision + 1)))


def _verified(world: World, email: str) -> bool:
    return world.store.items[keys.person(email)].read(Person).verified


@pytest.mark.parametrize("email", [None, ANN])
def test_one_farm_more_for_the_same_account(world: World, farm: Farm, ann: Farm, email: str | None) -> None:
    made = invited(world, farm, Role.OPERATOR, ("Ann",), email)
    accept_invitation(world.ports, ANN, secret_of(made))
    seats = [(seat.name, seat.role, seat.clients) for seat in show_session(world.ports, ANN).farms]
    assert seats == [("North", Role.OPERATOR, ("Ann",)), ("South", Role.OWNER, None)]
    assert world.person(ann._replace(farm=farm.farm)).seat.role is Role.OPERATOR


def test_it_works_once(world: World, farm: Farm, ann: Farm) -> None:
    world.farm("West", BOB)
    secret = secret_of(invited(world, farm))
    accept_invitation(world.ports, ANN, secret)
    assert _refused(world, BOB, secret) == ("invitation_unknown", 404)
    assert _refused(world, ANN, secret) == ("invitation_unknown", 404)


@pytest.mark.parametrize("turns", [(0, 1) * 5, (0, 0, 0, 0, 1, 1, 1, 1), ()])
def test_two_who_accept_it_at_once_are_one_member(
    world: World, farm: Farm, ann: Farm, turns: tuple[int, ...]
) -> None:
    world.farm("West", BOB)
    secret = secret_of(invited(world, farm))
    refused: list[str] = []

    def accept(email: str) -> Callable[[Ports], None]:
        def job(ports: Ports) -> None:
            try:
                accept_invitation(ports, email, secret)
            except Fault as fault:
                refused.append(fault.code)

        return job

    interleave(world, [accept(ANN), accept(BOB)], turns, (0, 1))
    assert refused == ["invitation_unknown"]
    assert len(roles(world, farm.farm)) == 2


def test_two_invitations_accepted_at_once_both_count(world: World, farm: Farm, ann: Farm) -> None:
    world.farm("West", BOB)
    secrets = [secret_of(invited(world, farm)) for _ in range(2)]
    world.store.interruptions = [lambda: accept_invitation(world.ports, BOB, secrets[1])]
    accept_invitation(world.ports, ANN, secrets[0])
    assert roles(world, farm.farm) == {OWNER: Role.OWNER, ANN: Role.VIEWER, BOB: Role.VIEWER}


def test_another_address_is_told_so_and_may_not(world: World, farm: Farm, ann: Farm) -> None:
    secret = secret_of(invited(world, farm, email=BOB))
    assert _refused(world, ANN, secret) == ("invited_another", 409)
    assert len(find_invited(world.ports, BOB)) == 1


def test_a_member_keeps_the_place_and_the_invitation_stays_open(world: World, farm: Farm, ann: Farm) -> None:
    secret = secret_of(invited(world, farm, Role.VIEWER))
    assert _refused(world, OWNER, secret) == ("member_already", 409)
    accept_invitation(world.ports, ANN, secret)


def test_unknown_secrets_and_accounts(world: World, farm: Farm) -> None:
    assert _refused(world, OWNER, UNKNOWN_SECRET) == ("invitation_unknown", 404)
    assert _refused(world, ANN, secret_of(invited(world, farm))) == ("not_signed_in", 401)


def test_only_a_link_out_of_a_letter_proves_the_address(world: World, farm: Farm, ann: Farm) -> None:
    _set_verified(world, ANN, verified=False)
    made = invited(world, farm, email=ANN)
    accept_invitation(world.ports, ANN, secret_of(made))
    assert not _verified(world, ANN)
    west = world.farm("West", BOB)
    mailed = mail_invitation(world.ports, west.farm, invited(world, west, email=ANN).invitation.invitation)
    assert mailed is not None
    accept_invitation(world.ports, ANN, mailed.link.partition("#/invitation/")[2])
    assert _verified(world, ANN)


def test_a_proved_address_stays_proved(world: World, farm: Farm, ann: Farm) -> None:
    _set_verified(world, ANN, verified=True)
    accept_invitation(world.ports, ANN, secret_of(invited(world, farm)))
    assert _verified(world, ANN)


def test_an_account_that_changes_at_that_moment_loses_nothing(world: World, farm: Farm, ann: Farm) -> None:
    _set_verified(world, ANN, verified=False)
    secret = secret_of(invited(world, farm))
    world.store.interruptions = [lambda: _set_verified(world, ANN, verified=True)]
    accept_invitation(world.ports, ANN, secret)
    assert _verified(world, ANN)
    assert roles(world, farm.farm)[ANN] is Role.VIEWER
