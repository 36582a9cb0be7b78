"""A store in a dictionary, which counts its calls and can be told to fail or to be interrupted."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from cloud.adapters.commit_limits import check_sizes, check_writes
from cloud.domain.keys import Key
from cloud.ports import (
    Absent,
    AtRevision,
    Change,
    Clock,
    Delete,
    Item,
    Newer,
    Page,
    Present,
    Put,
    Write,
)


class Call(NamedTuple):
    """One call of the port: the verb and what it was about."""

    verb: str
    about: tuple[object, ...]


class MemoryStore:
    """The port `Store`.

    `calls` are in order. `interruptions` are carried out one before each following write, as if by
    somebody else. `failures` are raised one by each following call; None lets that call through.
    `page_max` makes pages short although more follows, as DynamoDB may. `items_read` counts the items
    that reads gave.
    """

    def __init__(self, clock: Clock, *, page_max: int = 1_000_000) -> None:
        self._clock, self._page_max = clock, page_max
        self._lock = threading.RLock()
        self.items: dict[Key, Item] = {}
        self.calls: list[Call] = []
        self.changes: list[Change] = []
        self.interruptions: list[Callable[[], object]] = []
        self.failures: list[Exception | None] = []
        self.items_read = 0
        self._sort_keys: defaultdict[str, list[str]] = defaultdict(list)

    @property
    def verbs(self) -> list[str]:
        """The verbs called so far."""
        return [call.verb for call in self.calls]

    def get(self, key: Key) -> Item | None:
        with self._lock:
            self._note("get", key)
            found = self._alive(key)
            self.items_read += found is not None
            return found

    def get_many(self, keys: Sequence[Key], *, stale_ok: bool = False) -> dict[Key, Item]:
        with self._lock:
            self._note("get_many", *keys)
            found = [item for key in keys if (item := self._alive(key)) is not None]
            self.items_read += len(found)
            return {item.key: item for item in found}

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
        size = min(limit, self._page_max)
        with self._lock:
            self._note("query", pk, first, last)
            sort_keys = self._sort_keys[pk]
            begin, end = bisect_left(sort_keys, first), bisect_right(sort_keys, last)
            if after is not None and forwards:
                begin = max(begin, bisect_right(sort_keys, after))
            elif after is not None:
                end = min(end, bisect_left(sort_keys, after))
            places = range(begin, end) if forwards else range(end - 1, begin - 1, -1)
            alive = (self._alive(Key(pk, sort_keys[place])) for place in places)
            found = list(islice((item for item in alive if item is not None), size + 1))
        self.items_read += len(found[:size])
        return Page(found[:size], found[size - 1].key.sk if len(found) > size else None)

    def write(self, write: Write) -> bool:
        return self._carry_out("write", [write])

    def commit(self, writes: Sequence[Write]) -> bool:
        return self._carry_out("commit", writes)

    def write_all(self, writes: Sequence[Put]) -> list[bool]:
        check_sizes(writes)
        if self.interruptions:
            self.interruptions.pop(0)()
        with self._lock:
            self._note("write_all", *writes)
            return [self._attempt(write) for write in writes]

    def _attempt(self, write: Put) -> bool:
        held = self._holds(write)
        if held:
            self._apply(write)
        return held

    def _carry_out(self, verb: str, writes: Sequence[Write]) -> bool:
        check_writes(writes)
        if self.interruptions:
            self.interruptions.pop(0)()
        with self._lock:
            self._note(verb, *writes)
            if not all(self._holds(write) for write in writes):
                return False
            for write in writes:
                self._apply(write)
            return True

    def _note(self, verb: str, *about: object) -> None:
        self.calls.append(Call(verb, about))
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure

    def _alive(self, key: Key) -> Item | None:
        item = self.items.get(key)
        if item is None or (item.expires_at is not None and item.expires_at <= self._clock()):
            return None
        return item

    def _holds(self, write: Write) -> bool:
        old = self._alive(write.item.key if isinstance(write, Put) else write.key)
        match write.when, write:
            case Absent(), _:
                return old is None
            case Present(), _:
                return old is not None
            case AtRevision(revision), _:
                return old is not None and old.revision == revision
            case Newer(least), Put(item):
                return old is None or least <= old.revision < item.revision
            case _:
                return True

    def _apply(self, write: Write) -> None:
        if isinstance(write, Delete):
            old = self.items.pop(write.key, None)
            change = None if old is None else Change(old, removed=True)
        else:
            self.items[write.item.key] = write.item
            self._note_key(write.item.key)
            change = Change(write.item)
        if change is not None and change.item.watched:
            self.changes.append(change)

    def _note_key(self, key: Key) -> None:
        """Keys stay noted when their items go: `items` says what is there."""
        known = self._sort_keys[key.pk]
        place = bisect_left(known, key.sk)
        if place == len(known) or known[place] != key.sk:
            insort(known, key.sk)
