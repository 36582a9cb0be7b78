"""Letters wait in the outbox, one about one thing."""

from __future__ import annotations

import msgspec

from cloud.domain.letters import LetterKind, LetterOrder
from cloud.domain.policy import DAY_S
from cloud.usecases.post_letter import post_letter
from tests.fakes.reports import NOW
from tests.fakes.world import World
from tests.unit.cloud.usecases.letters import outbox

RESET = LetterOrder(LetterKind.RESET, "ann@b.test")


def test_order_is_kept_with_its_time(world: World) -> None:
    post_letter(world.ports, RESET)
    assert outbox(world) == [msgspec.structs.replace(RESET, asked_at=NOW)]
    (key,) = world.store.items
    assert "ann" not in f"{key}"
    assert world.store.items[key].expires_at == NOW + 2 * DAY_S


def test_second_letter_about_one_thing_takes_the_place_of_the_first(world: World) -> None:
    orders = [
        RESET,
        RESET,
        LetterOrder(LetterKind.RESET, "bob@b.test"),
        LetterOrder(LetterKind.INVITATION, "ann@b.test", "farm_1", "invitation_1"),
        LetterOrder(LetterKind.INVITATION, "ann@b.test", "farm_1", "invitation_1"),
        LetterOrder(LetterKind.INVITATION, "ann@b.test", "farm_1", "invitation_2"),
    ]
    for order in orders:
        post_letter(world.ports, order)
    assert len(outbox(world)) == 4
