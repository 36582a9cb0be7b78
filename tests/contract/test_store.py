"""What every store promises, whatever it is made of."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.keys import Key
from cloud.domain.records import Event, Silence, Standing
from cloud.ports import (
    MAX_BODY_BYTES,
    MAX_COMMIT_WRITES,
    Absent,
    AtRevision,
    Delete,
    Item,
    ItemTooLarge,
    Newer,
    Present,
    Put,
    Store,
)
from tests.fakes.time_and_chance import FakeClock
from wire.live import Transition

KEY = Key("farm#a", "thing#1")


def item(key: Key = KEY, *, body: bytes = b"{}", revision: int = 1, ttl: int | None = None) -> Item:
    return Item(key, "thing", body, revision, ttl, watched=False)


def test_gives_back_what_was_put(store: Store) -> None:
    put = Item(KEY, "thing", b"\x00\xffbody", 7 << 40, 1_900_000_000, watched=True)
    assert store.write(Put(put))
    assert store.get(KEY) == put


def test_nothing_lives_where_nothing_was_put(store: Store) -> None:
    assert store.get(KEY) is None
    assert store.get_many([KEY]) == {}
    assert list(store.query("farm#a", "!", "~").items) == []


def test_put_replaces_the_whole_item(store: Store) -> None:
    store.write(Put(item(body=b"old", ttl=1_900_000_000)))
    store.write(Put(item(body=b"new")))
    assert store.get(KEY) == item(body=b"new")


def test_put_if_absent(store: Store) -> None:
    assert store.write(Put(item(body=b"first"), Absent()))
    assert not store.write(Put(item(body=b"second"), Absent()))
    found = store.get(KEY)
    assert found is not None
    assert found.body == b"first"


def test_put_at_revision(store: Store) -> None:
    assert not store.write(Put(item(revision=2), AtRevision(1)))
    store.write(Put(item(revision=1)))
    assert store.write(Put(item(revision=2), AtRevision(1)))
    assert not store.write(Put(item(revision=2), AtRevision(1)))


def test_put_if_newer(store: Store) -> None:
    assert store.write(Put(item(body=b"5", revision=5), Newer()))
    assert not store.write(Put(item(body=b"5 again", revision=5), Newer()))
    assert not store.write(Put(item(body=b"4", revision=4), Newer()))
    assert store.write(Put(item(body=b"6", revision=6), Newer()))
    found = store.get(KEY)
    assert found is not None
    assert found.body == b"6"


def test_put_if_newer_but_not_over_what_is_too_old(store: Store) -> None:
    assert store.write(Put(item(revision=5), Newer(least=7)))
    assert not store.write(Put(item(revision=9), Newer(least=6)))
    assert store.write(Put(item(revision=9), Newer(least=5)))
    assert not store.write(Put(item(revision=9), Newer(least=5)))


def test_delete_with_and_without_condition(store: Store) -> None:
    assert store.write(Delete(KEY))
    assert not store.write(Delete(KEY, Present()))
    store.write(Put(item(revision=3)))
    assert not store.write(Delete(KEY, AtRevision(2)))
    assert store.write(Delete(KEY, Present()))
    assert store.get(KEY) is None


def test_single_use_thing_is_burnt_once_by_many(store: Store) -> None:
    store.write(Put(item()))
    burnt: list[bool] = []
    threads = [
        threading.Thread(target=lambda: burnt.append(store.write(Delete(KEY, Present())))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(burnt) == [False] * 7 + [True]


def test_expired_is_as_if_it_were_not_there(store: Store, clock: FakeClock) -> None:
    store.write(Put(item(ttl=int(clock.now) + 10, revision=9)))
    assert store.get(KEY) is not None
    clock.advance(10)
    assert store.get(KEY) is None
    assert store.get_many([KEY]) == {}
    assert list(store.query("farm#a", "!", "~").items) == []
    assert not store.write(Delete(KEY, Present()))
    assert not store.write(Put(item(revision=10), AtRevision(9)))
    assert store.write(Put(item(body=b"new", revision=1), Newer()))
    found = store.get(KEY)
    assert found is not None
    assert found.body == b"new"


def test_put_if_absent_over_an_expired_item(store: Store, clock: FakeClock) -> None:
    store.write(Put(item(ttl=int(clock.now) + 10)))
    assert not store.write(Put(item(), Absent()))
    clock.advance(11)
    assert store.write(Put(item(), Absent()))


def _fill(store: Store, count: int) -> list[Key]:
    keys = [Key("farm#a", f"thing#{number:03d}") for number in range(count)]
    for start in range(0, count, MAX_COMMIT_WRITES):
        store.commit([Put(item(key)) for key in keys[start : start + MAX_COMMIT_WRITES]])
    return keys


def _read_all(store: Store, limit: int, *, forwards: bool) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while True:
        page = store.query("farm#a", "thing#", "thing#~", forwards=forwards, limit=limit, after=after)
        assert len(page.items) <= limit
        found += [found_item.key.sk for found_item in page.items]
        if page.next is None:
            return found
        after = page.next


@pytest.mark.parametrize("forwards", [True, False])
@pytest.mark.parametrize("limit", [1, 7, 30, 1000])
def test_query_gives_a_range_in_order_page_by_page(store: Store, limit: int, forwards: bool) -> None:
    keys = _fill(store, 30)
    store.write(Put(item(Key("farm#a", "other#1"))))
    store.write(Put(item(Key("farm#b", "thing#1"))))
    expected = [key.sk for key in keys]
    assert _read_all(store, limit, forwards=forwards) == (expected if forwards else expected[::-1])


def test_query_bounds_are_inclusive(store: Store) -> None:
    _fill(store, 5)
    page = store.query("farm#a", "thing#001", "thing#003")
    assert [found.key.sk for found in page.items] == ["thing#001", "thing#002", "thing#003"]


def test_get_many_takes_any_number(store: Store) -> None:
    keys = _fill(store, 230)
    missing = Key("farm#a", "missing")
    assert set(store.get_many([*keys, missing])) == set(keys)
    assert store.get_many([]) == {}


def test_each_of_many_writes_stands_by_itself(store: Store) -> None:
    made = _fill(store, 150)
    news = [Put(item(key, body=b"new", revision=2), Newer()) for key in made[:120]]
    stale = [Put(item(key, body=b"old"), Newer()) for key in made[120:]]
    first = Put(item(Key("farm#a", "first"), body=b"new"), Absent())
    assert store.write_all([*stale, *news, first]) == [False] * 30 + [True] * 121
    assert store.write_all([first]) == [False]
    bodies = [found.body for found in store.query("farm#a", "thing#", "thing#~").items]
    assert bodies == [b"new"] * 120 + [b"{}"] * 30
    assert store.write_all([]) == []


def test_of_many_writes_on_one_key_the_newest_stays(store: Store) -> None:
    revisions = [3, 9, 1, 7, 9]
    held = store.write_all([Put(item(revision=revision), Newer()) for revision in revisions])
    found = store.get(KEY)
    assert found is not None
    assert (found.revision, len(held)) == (9, 5)


def test_of_many_writes_none_is_carried_out_where_one_is_too_large(store: Store) -> None:
    large = item(Key("farm#a", "large"), body=b"x" * (MAX_BODY_BYTES + 1))
    with pytest.raises(ItemTooLarge):
        store.write_all([Put(item()), Put(large)])
    assert store.get(KEY) is None


def test_commit_does_all(store: Store) -> None:
    other = Key("farm#a", "thing#2")
    store.write(Put(item(other)))
    assert store.commit([Put(item(), Absent()), Delete(other, Present())])
    assert store.get(KEY) is not None
    assert store.get(other) is None


def test_commit_does_nothing_when_one_condition_fails(store: Store) -> None:
    other = Key("farm#a", "thing#2")
    assert not store.commit([Put(item()), Delete(other, Present())])
    assert store.get(KEY) is None


def test_commit_takes_a_hundred_writes_and_no_more(store: Store) -> None:
    writes = [Put(item(Key("farm#a", f"n#{number}"))) for number in range(101)]
    assert store.commit(writes[:100])
    with pytest.raises(ValueError, match="101 writes"):
        store.commit(writes)
    with pytest.raises(ValueError, match="0 writes"):
        store.commit([])


def test_commit_refuses_two_writes_on_one_key(store: Store) -> None:
    with pytest.raises(ValueError, match="one key"):
        store.commit([Put(item()), Delete(KEY)])


def test_body_has_a_limit(store: Store) -> None:
    assert store.write(Put(item(body=b"x" * MAX_BODY_BYTES)))
    with pytest.raises(ItemTooLarge):
        store.write(Put(item(body=b"x" * (MAX_BODY_BYTES + 1))))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(revisions=st.lists(st.integers(1, 2**62), min_size=1, max_size=8, unique=True))
def test_in_any_order_the_newest_stays(store: Store, revisions: list[int]) -> None:
    store.write(Delete(KEY))
    for revision in revisions:
        store.write(Put(item(body=str(revision).encode(), revision=revision), Newer()))
    found = store.get(KEY)
    assert found is not None
    assert found.revision == max(revisions)
    assert found.body == str(max(revisions)).encode()


def _event(at: float, machine: str) -> Item:
    key = keys.event("farm_1", at, machine)
    return Item.of(key, Event(at, machine, Transition.OFFLINE))


def test_events_are_found_backwards_by_their_prefix_page_by_page(store: Store) -> None:
    """Keys with a `#` within, two of them of one moment."""
    events = [_event(1_800_000_000.5 + number // 2, f"machine_{number}") for number in range(9)]
    assert store.commit([Put(event) for event in events])
    pk, prefix = keys.events_pk("farm_1"), keys.EVENT_PREFIX
    found: list[str] = []
    after: str | None = None
    while True:
        page = store.query(pk, prefix, prefix + "~", forwards=False, limit=2, after=after)
        found += [one.read(Event).machine for one in page.items]
        if page.next is None:
            break
        after = page.next
    assert found == [f"machine_{number}" for number in range(8, -1, -1)]


def test_expired_events_end_no_page_too_early(store: Store, clock: FakeClock) -> None:
    """A page may be short or empty although more follows."""
    for number in range(9):
        event = _event(1_800_000_000 + number, "machine_1")
        expires_at = int(clock.now) if number % 3 else None
        store.write(Put(Item(event.key, event.kind, event.body, expires_at=expires_at)))
    pk, prefix = keys.events_pk("farm_1"), keys.EVENT_PREFIX
    found: list[float] = []
    after: str | None = None
    while True:
        page = store.query(pk, prefix, prefix + "~", forwards=False, limit=2, after=after)
        found += [one.read(Event).at for one in page.items]
        if page.next is None:
            break
        after = page.next
    assert found == [1_800_000_006, 1_800_000_003, 1_800_000_000]


def test_a_packed_record_comes_back_and_is_replaced_under_its_revision(store: Store) -> None:
    key = keys.standing("farm_1", "machine_1")
    silent = {f"machine_{number}": Silence(Transition.OFFLINE, 1.5 + number) for number in range(700)}
    assert store.write(Put(Item.of(key, Standing(silent)), Absent()))
    found = store.get(key)
    assert found is not None
    assert found.read(Standing) == Standing(silent)
    assert store.write(Put(Item.of(key, Standing({}), revision=2), AtRevision(1)))
    assert not store.write(Put(Item.of(key, Standing(silent), revision=2), AtRevision(1)))
    page = store.query(keys.standing_pk("farm_1"), keys.STANDING_PREFIX, keys.STANDING_PREFIX + "~")
    assert [one.read(Standing) for one in page.items] == [Standing({})]


def test_a_standing_and_its_events_are_one_commit(store: Store) -> None:
    key = keys.standing("farm_1", "machine_1")
    writes = [Put(_event(1_800_000_000 + number, "machine_1")) for number in range(98)]
    standing = Item.of(key, Standing({"machine_1": Silence(Transition.OFFLINE, 1.0)}))
    assert store.commit([Put(standing, Absent()), *writes])
    later = _event(1_900_000_000, "machine_1")
    assert not store.commit([Put(standing, Absent()), Put(later)])
    assert store.get(later.key) is None


def test_an_item_is_deleted_at_its_revision_alone(store: Store) -> None:
    store.write(Put(item(revision=3)))
    assert not store.write(Delete(KEY, AtRevision(2)))
    assert not store.commit([Delete(KEY, AtRevision(4)), Put(item(Key("farm#a", "thing#2")))])
    assert store.get(Key("farm#a", "thing#2")) is None
    assert store.commit([Delete(KEY, AtRevision(3))])
    assert not store.write(Delete(KEY, AtRevision(3)))
    assert store.get(KEY) is None


def test_a_key_without_its_item_is_deleted_without_harm(store: Store) -> None:
    assert store.write(Delete(KEY))
    assert store.commit([Delete(KEY), Delete(Key("farm#a", "thing#2"))])


def test_reads_that_may_be_stale_give_the_same_keys(store: Store) -> None:
    made = _fill(store, 150)
    assert set(store.get_many([*made, Key("farm#a", "missing")], stale_ok=True)) == set(made)
