"""A round of the clock."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.domain import keys
from cloud.domain.letters import LetterKind, LetterOrder
from cloud.entrypoints.schedule import run_round
from cloud.ports import StoreUnavailable
from cloud.usecases.post_letter import post_letter
from tests.fakes.mail import FakeMail
from tests.fakes.world import Farm, World


def test_a_round_keeps_the_beat_first(world: World) -> None:
    run_round(world.ports)
    assert keys.beat() in world.store.items
    assert world.store.calls[0].about == (keys.beat(),)


def test_a_round_sweeps_the_farms(world: World) -> None:
    run_round(world.ports)
    assert keys.FARMS_PK in [call.about[0] for call in world.store.calls if call.verb == "query"]


def test_a_store_that_is_away_ends_the_round(world: World) -> None:
    world.store.failures = [StoreUnavailable("throttled")]
    with pytest.raises(StoreUnavailable):
        run_round(world.ports)


def test_a_round_sends_letters(world: World, farm: Farm) -> None:
    mail = FakeMail()
    post_letter(world.ports, LetterOrder(LetterKind.RESET, farm.email))
    run_round(replace(world.ports, mail=mail))
    assert [letter.to for letter in mail.sent] == [farm.email]
