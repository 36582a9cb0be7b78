"""Another farm's items are out of reach, whatever asks for them and with whatever verb."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cloud.domain import keys
from cloud.domain.keys import Key
from cloud.domain.records import FarmEntry
from cloud.ports import Delete, Item, Page, Put, Store
from cloud.usecases.farm_store import FarmStore, ForeignKey
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock

OURS, THEIRS = "farm_1", "farm_11"
FOREIGN = [
    keys.farm(THEIRS),
    keys.machine(THEIRS, "m"),
    keys.latest(THEIRS, "m"),
    keys.latest_batch(THEIRS, "a", 0),
    keys.seats(THEIRS, "a", 0),
    keys.evidence(THEIRS, "mac", "m"),
    keys.machine_event(THEIRS, "m", 1.0),
    keys.farm_connection(THEIRS, "c"),
    keys.members(THEIRS),
    keys.api_token(THEIRS, "t"),
    keys.audit_line(THEIRS, 1),
]
OWN = [
    keys.farm(OURS),
    keys.latest(OURS, "m"),
    keys.audit_head(OURS),
    keys.person("a@b.test"),
    keys.session("a@b.test", "00ff"),
    keys.connection("c"),
    keys.ticket("00ff"),
    keys.farm_entry(OURS),
    keys.beat(),
]


def _item(key: Key) -> Item:
    return Item.of(key, FarmEntry(key.pk))


def _page(store: Store, key: Key) -> Page:
    return store.query(key.pk, "!", "~")


ASKING: dict[str, Callable[[Store, Key], object]] = {
    "get": lambda store, key: store.get(key),
    "get_many": lambda store, key: store.get_many([keys.farm(OURS), key], stale_ok=True),
    "query": _page,
    "put": lambda store, key: store.write(Put(_item(key))),
    "put one of many": lambda store, key: store.write_all([Put(_item(keys.farm(OURS))), Put(_item(key))]),
    "delete": lambda store, key: store.write(Delete(key)),
    "commit a put": lambda store, key: store.commit([Put(_item(keys.farm("farm_1"))), Put(_item(key))]),
    "commit a delete": lambda store, key: store.commit([Put(_item(keys.farm("farm_1"))), Delete(key)]),
}


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(FakeClock())


@pytest.mark.parametrize("verb", ASKING)
@pytest.mark.parametrize("key", FOREIGN, ids=str)
def test_a_key_of_another_farm_is_refused_before_the_store_is_asked(
    store: MemoryStore, verb: str, key: Key
) -> None:
    store.write(Put(_item(key)))
    before, asked = dict(store.items), len(store.calls)
    with pytest.raises(ForeignKey) as caught:
        ASKING[verb](FarmStore(store, OURS), key)
    assert (store.items, len(store.calls)) == (before, asked)
    assert THEIRS not in str(caught.value)


@pytest.mark.parametrize("key", OWN, ids=str)
def test_the_farms_own_and_what_is_of_no_farm_goes_through(store: MemoryStore, key: Key) -> None:
    of_farm: Store = FarmStore(store, OURS)
    item = _item(key)
    assert of_farm.write_all([Put(item)]) == [True]
    assert of_farm.write(Put(item))
    assert of_farm.get(key) == item
    assert of_farm.get_many([key]) == {key: item}
    assert list(_page(of_farm, key).items) == [item]
    assert of_farm.commit([Delete(key)])
    assert store.items == {}


def test_a_range_is_asked_for_as_it_was_meant(store: MemoryStore) -> None:
    for number in range(4):
        store.write(Put(_item(keys.agent(OURS, f"a{number}"))))
    of_farm, pk = FarmStore(store, OURS), keys.farm_pk(OURS)
    page = of_farm.query(pk, "agent#", "agent#~", forwards=False, limit=2, after="agent#a3")
    assert [item.key.sk for item in page.items] == ["agent#a2", "agent#a1"]
    assert page == store.query(pk, "agent#", "agent#~", forwards=False, limit=2, after="agent#a3")
