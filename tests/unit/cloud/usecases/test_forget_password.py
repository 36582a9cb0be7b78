"""Asking for a letter is the same for everybody, and cannot be used to bury somebody in letters."""

from __future__ import annotations

import pytest

from cloud.usecases.forget_password import forget_password
from cloud.usecases.limit_tries import ADDRESS_FREE, LETTERS_FREE
from cloud.usecases.send_letters import send_letters
from tests.fakes.world import OWNER, Farm, World
from tests.unit.cloud.usecases.letters import outbox, with_mail
from wire.faults import Fault

NOBODY = "nobody@example.test"


def test_known_and_unknown_accounts_cost_the_same_work(world: World, farm: Farm) -> None:
    ports, _ = with_mail(world)
    verbs: list[list[str]] = []
    for email in (f" {OWNER.upper()}", NOBODY):
        world.store.calls.clear()
        forget_password(ports, email, f"192.0.2.{len(verbs)}")
        verbs.append([*world.store.verbs])
    assert verbs[0] == verbs[1] != []
    assert sorted(order.email for order in outbox(world)) == [NOBODY, OWNER]
    assert world.passwords.verified == [world.passwords.hash("long-enough-word")]


def test_nobody_is_buried_in_letters_whoever_asks(world: World, farm: Farm) -> None:
    ports, mail = with_mail(world)
    for number in range(100):
        forget_password(ports, OWNER, f"192.0.2.{number}")
        send_letters(ports)
    assert len(mail.sent) == LETTERS_FREE
    world.clock.advance(86_400)
    forget_password(ports, OWNER, "192.0.2.1")
    send_letters(ports)
    assert len(mail.sent) == LETTERS_FREE + 1


def test_one_address_asks_for_a_few_accounts_only(world: World) -> None:
    ports, _ = with_mail(world)
    for number in range(ADDRESS_FREE):
        forget_password(ports, f"{number}@example.test", "192.0.2.1")
    with pytest.raises(Fault) as caught:
        forget_password(ports, OWNER, "192.0.2.1")
    assert (caught.value.code, caught.value.status) == ("too_many_sign_ins", 429)
    assert len(outbox(world)) == ADDRESS_FREE


@pytest.mark.parametrize("email", [OWNER, NOBODY])
def test_without_mail_everybody_is_told(world: World, farm: Farm, email: str) -> None:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        forget_password(world.ports, email, "192.0.2.1")
    assert (caught.value.code, caught.value.status) == ("no_mail", 409)
    assert world.store.items == before
