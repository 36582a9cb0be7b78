"""The store as one farm's requests reach it: keys of other farms are refused whatever asks for them."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.domain.keys import Key, is_of_another
from cloud.ports import Item, Page, Put, Store, Write


class ForeignKey(RuntimeError):
    """A use case asked for another farm's item: a mistake of ours, never of the caller."""


class FarmStore:
    """The port `Store`; items that belong to no farm (people, sessions, the beat) pass."""

    def __init__(self, store: Store, farm: str) -> None:
        self._store, self._farm = store, farm

    def get(self, key: Key) -> Item | None:
        self._check(key.pk)
        return self._store.get(key)

    def get_many(self, keys: Sequence[Key], *, stale_ok: bool = False) -> dict[Key, Item]:
        for key in keys:
            self._check(key.pk)
        return self._store.get_many(keys, stale_ok=stale_ok)

    def query(
        self,
        pk: str,
        first: str,
        last: str,
        *,
        forwards: bool = True,
        limit: int = 1000,
        after: str | None = None,
    ) -> Page:
        self._check(pk)
        return self._store.query(pk, first, last, forwards=forwards, limit=limit, after=after)

    def write(self, write: Write) -> bool:
        self._check_write(write)
        return self._store.write(write)

    def write_all(self, writes: Sequence[Put]) -> list[bool]:
        for write in writes:
            self._check_write(write)
        return self._store.write_all(writes)

    def commit(self, writes: Sequence[Write]) -> bool:
        for write in writes:
            self._check_write(write)
        return self._store.commit(writes)

    def _check_write(self, write: Write) -> None:
        self._check(write.item.key.pk if isinstance(write, Put) else write.key.pk)

    def _check(self, pk: str) -> None:
        if is_of_another(pk, self._farm):
            raise ForeignKey(f"a request for {self._farm} asked for {pk.split('#', maxsplit=1)[0]}#…")
