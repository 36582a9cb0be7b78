"""A draft keeps all of what was decided, or nothing where somebody else was there first."""

from __future__ import annotations

import pytest

from cloud.domain.asic_records import Evidence
from cloud.domain.keys import Key
from cloud.ports import Item, Put, StoreBusy
from cloud.usecases.draft_changes import Draft, Overtaken
from tests.fakes.world import World

ONE, TWO = Key("farm#f", "one"), Key("farm#f", "two")


def _body(world: World, key: Key) -> str | None:
    item = world.store.get(key)
    return item.read(Evidence).machine if item else None


def test_what_is_put_is_read_back_and_kept_with_the_commit(world: World) -> None:
    draft = Draft(world.ports)
    draft.put(ONE, Evidence("m"))
    assert draft.get(ONE, Evidence) == Evidence("m")
    assert _body(world, ONE) is None
    draft.commit()
    assert (_body(world, ONE), draft.size) == ("m", 0)
    draft.put(ONE, Evidence("n"))
    draft.commit()
    assert _body(world, ONE) == "n"


def test_what_came_and_went_within_it_is_no_write(world: World) -> None:
    draft = Draft(world.ports)
    draft.put(ONE, Evidence("m"))
    draft.delete(ONE)
    assert draft.writes() == []
    draft.commit()


@pytest.mark.parametrize("kept", [True, False])
def test_nothing_is_kept_where_somebody_else_changed_an_item(world: World, kept: bool) -> None:
    if kept:
        world.store.write(Put(Item.of(ONE, Evidence("m"))))
    draft = Draft(world.ports)
    draft.put(ONE, Evidence("ours"))
    draft.put(TWO, Evidence("ours"))
    world.store.write(Put(Item.of(ONE, Evidence("theirs"), revision=2)))
    with pytest.raises(Overtaken):
        draft.commit()
    assert (_body(world, ONE), _body(world, TWO)) == ("theirs", None)


def test_what_was_deleted_and_made_anew_is_not_what_was_read(world: World) -> None:
    first = Draft(world.ports)
    first.put(ONE, Evidence("m"))
    first.commit()
    stale, other = Draft(world.ports), Draft(world.ports)
    assert stale.get(ONE, Evidence) == Evidence("m")
    other.delete(ONE)
    other.commit()
    world.clock.advance(1)
    other.put(ONE, Evidence("n"))
    other.commit()
    stale.put(ONE, Evidence("stale"))
    with pytest.raises(Overtaken):
        stale.commit()


def test_a_busy_store_is_somebody_else_too(world: World) -> None:
    draft = Draft(world.ports)
    draft.put(ONE, Evidence("m"))
    world.store.failures = [StoreBusy("busy")]
    with pytest.raises(Overtaken):
        draft.commit()


def test_each_item_is_read_once(world: World) -> None:
    draft = Draft(world.ports)
    draft.fetch([ONE, TWO, ONE])
    assert draft.get(ONE, Evidence) is None
    draft.fetch([TWO])
    draft.add(Key("farm#f", "new"), Evidence("m"))
    assert world.store.verbs == ["get_many"]
