"""Gathers changes of several items and keeps them together, or none where somebody else changed one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from cloud.domain.keys import Key
from cloud.domain.records import Record
from cloud.ports import Absent, AtRevision, Delete, Item, Ports, Put, StoreBusy, Write

R = TypeVar("R", bound=Record)


class Overtaken(Exception):
    """Somebody else changed one of the items meanwhile; nothing was kept, and it is to be thought anew."""


class Draft:
    """Items as they were read, with what is to become of them.

    Every write is refused where its item is not what was read, so `commit` keeps what was decided on what
    is written; what was only read may have changed.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._read: dict[Key, Item | None] = {}
        self._records: dict[Key, Record | None] = {}
        self._changed: dict[Key, bool] = {}

    def fetch(self, keys: Iterable[Key]) -> None:
        """Reads those at once that were not read yet."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._read]
        if missing:
            found = self._ports.store.get_many(missing)
            self._read |= {key: found.get(key) for key in missing}

    def know(self, item: Item) -> None:
        """Takes an item that was found by a query, unless it was read already."""
        self._read.setdefault(item.key, item)

    def get(self, key: Key, record_type: type[R]) -> R | None:
        """The record as it is to be; None where there is none."""
        if key not in self._records:
            self.fetch([key])
            item = self._read[key]
            self._records[key] = item.read(record_type) if item else None
        record = self._records[key]
        return record if isinstance(record, record_type) else None

    def put(self, key: Key, record: Record, *, watched: bool = False) -> None:
        """`watched` as in `Item`."""
        self.fetch([key])
        self._records[key] = record
        self._changed[key] = watched or self._changed.get(key, False)

    def add(self, key: Key, record: Record, *, watched: bool = False) -> None:
        """As `put`, of what nobody can have put there."""
        self._read.setdefault(key, None)
        self.put(key, record, watched=watched)

    def delete(self, key: Key) -> None:
        """Of what is not there too."""
        self.fetch([key])
        self._records[key] = None
        self._changed[key] = False

    @property
    def size(self) -> int:
        """How many writes it takes, at most."""
        return len(self._changed)

    def writes(self) -> list[Write]:
        """What is to be written, each under the condition that nobody else has."""
        found = (self._write(key, watched) for key, watched in self._changed.items())
        return [write for write in found if write is not None]

    def commit(self) -> None:
        """Keeps all of it; raises Overtaken. Then the draft goes on from there."""
        writes = self.writes()
        try:
            kept = not writes or self._ports.store.commit(writes)
        except StoreBusy as error:
            raise Overtaken from error
        if not kept:
            raise Overtaken
        for write in writes:
            key = write.item.key if isinstance(write, Put) else write.key
            self._read[key] = write.item if isinstance(write, Put) else None
        self._changed.clear()

    def _write(self, key: Key, watched: bool) -> Write | None:
        before, record = self._read[key], self._records[key]
        if record is None:
            return None if before is None else Delete(key, AtRevision(before.revision))
        if before is not None:
            item = Item.of(key, record, revision=before.revision + 1, watched=watched)
            return Put(item, AtRevision(before.revision))
        # Not 1: what was deleted and made anew must not look as it did.
        return Put(Item.of(key, record, revision=self._first_revision(), watched=watched), Absent())

    def _first_revision(self) -> int:
        return max(1, round(self._ports.clock() * 1000))
