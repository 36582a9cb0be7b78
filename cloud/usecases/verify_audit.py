"""Finds the first line of each audit log that was changed, removed or added."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from cloud.domain import audit, keys
from cloud.domain.audit import BrokenLog
from cloud.domain.keys import Key
from cloud.domain.people import AuditEntry, AuditHead
from cloud.ports import Item, StoreReads, every
from cloud.usecases.list_heads import every_log

_AGAIN_S = 0.5
Noted = Mapping[int, str]
"""Digests of lines, by number, as they were noted earlier."""


Pause = Callable[[float], None]


class Verdict(NamedTuple):
    """Of a farm's log, or the commander's own (None): how many lines hold, and the first fault after them."""

    farm: str | None
    lines: int
    fault: str | None


def verify_audit(
    store: StoreReads, noted: Mapping[str | None, Noted], pause: Pause = time.sleep
) -> Iterator[Verdict]:
    """Each log as in `list_heads`, and those of farms of which `noted` alone tells."""
    farms = list(every_log(store))
    gone = sorted({farm for farm in noted if farm is not None} - set(farms))
    for farm in (*farms, *gone):
        yield verify_log(store, farm, noted.get(farm, {}), pause)


def verify_log(store: StoreReads, farm: str | None, noted: Noted, pause: Pause = time.sleep) -> Verdict:
    """Reads one log page by page. It may grow meanwhile: then what was added is read as well."""
    walk, fault = _Walk(store, farm, noted), ""
    while True:
        try:
            walk.follow()
            walk.check_end()
        except BrokenLog as error:
            if walk.is_certain or str(error) == fault:
                return Verdict(farm, walk.known.number, str(error))
            fault = str(error)
        else:
            return Verdict(farm, walk.known.number, None)
        pause(_AGAIN_S)


class _Walk:
    """One reading of one log. A line and its head are kept as one, but may be seen a moment apart."""

    def __init__(self, store: StoreReads, farm: str | None, noted: Noted) -> None:
        self._store, self._farm, self._noted = store, farm, noted
        self.known = AuditHead()
        self.is_certain = True

    def follow(self) -> None:
        """Reads on behind the last line that is known to hold; raises BrokenLog."""
        self.is_certain = True
        number = self.known.number
        first = keys.audit_line(self._farm, number + 1).sk if number else keys.AUDIT_PREFIX
        for item in every(self._store, keys.audit_pk(self._farm), first, keys.AUDIT_PREFIX + "~"):
            self.known = self._next(item)

    def check_end(self) -> None:
        """Raises BrokenLog where the log does not end as its head says, or before a line that was noted."""
        last = max(self._noted, default=0)
        if last > self.known.number:
            raise BrokenLog(f"line {self.known.number + 1} is missing: line {last} was noted")
        self.is_certain = False
        item = self._store.get(keys.audit_head(self._farm))
        if item is not None:
            _check_kept(item, AuditHead, "its head")
        try:
            head = item.read(AuditHead) if item else AuditHead()
        except audit.UNREADABLE as error:
            raise BrokenLog("its head was changed: it cannot be read") from error
        audit.check_end(self.known, head)

    def _next(self, item: Item) -> AuditHead:
        number = _number_of(item.key)
        if number is None:
            raise BrokenLog(f"line {self.known.number + 1} is none of ours: {item.key.sk!r}")
        _check_kept(item, AuditEntry, f"line {number}")
        end = audit.follow(self._farm, self.known, number, item.body)
        if self._noted.get(number, end.sha256) != end.sha256:
            raise BrokenLog(f"line {number} is not the one that was noted: the log was written anew")
        return end


def _check_kept(item: Item, record: type[AuditEntry | AuditHead], what: str) -> None:
    """Raises BrokenLog for what no digest covers."""
    if item.kind != record.__name__.lower():
        raise BrokenLog(f"{what} was changed: it is kept as {item.kind!r}")
    if item.expires_at is not None:
        raise BrokenLog(f"{what} was changed: it would expire")


def _number_of(key: Key) -> int | None:
    digits = key.sk.removeprefix(keys.AUDIT_PREFIX)
    return int(digits) if re.fullmatch("[0-9]{12}", digits) else None
