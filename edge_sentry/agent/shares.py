"""Adds up the shares of all programs by algorithm, so that a program that starts anew takes nothing away."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import load_if_readable
from wire.metrics import BY_NAME

_NAME = "shares.json"
_SAVE_EVERY_S = 60.0
_MOST = 256
_Count = Annotated[int, Meta(ge=0, lt=2**53)]

log = logging.getLogger(__name__)


class _Kept(msgspec.Struct):
    """`totals` by series name only ever rise; `last` is what each program told, by "program series"."""

    totals: dict[str, _Count] = {}
    last: dict[str, _Count] = {}


class ShareBook:
    """What is on disk may be older than what was told: what came between is then counted once more, from
    the counters of programs that went on meanwhile. So neither end of the agent counts anything twice.
    """

    def __init__(self, folder: Path, now: float) -> None:
        self._path = folder / _NAME
        self._kept = _loaded(self._path)
        self._saved_at = now
        self._changed = False

    def add(self, program: str, series: str, told: int, *, from_zero: bool) -> int:
        """One more reading; gives the total. A fall is a new start, whose shares all count.

        `from_zero`: of a program never read before all shares count; else none of them does.
        """
        key = f"{program} {series}"
        before = self._kept.last.get(key, 0 if from_zero else told)
        total = self._kept.totals.get(series, 0) + (told - before if told >= before else told)
        total = int(min(total, BY_NAME["accepted_shares"].maximum))
        if self._kept.last.get(key) != told:
            self._make_room()
            self._kept.last[key] = told
            self._kept.totals[series] = total
            self._changed = True
        return total

    def _make_room(self) -> None:
        """No honest rig comes to so many."""
        if len(self._kept.last) >= _MOST:
            self._kept = _Kept()

    def save(self, now: float) -> None:
        """Now and then; `now` by the steady clock. A full disk costs only the count over a restart."""
        if not self._changed or now - self._saved_at < _SAVE_EVERY_S:
            return
        self._saved_at = now
        self._changed = False
        try:
            replace_file(self._path, msgspec.json.encode(self._kept), durable=False)
        except OSError as error:
            log.warning("Cannot keep the count of shares: %s", error.strerror)


def _loaded(path: Path) -> _Kept:
    return load_if_readable(path, _Kept) or _Kept()
