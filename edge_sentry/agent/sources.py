"""Reads all sources, each within its own time: one that hangs or fails costs the others nothing."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from edge_sentry.cards.gaps import unread_cards
from edge_sentry.collectors import Closable, Collect, Source
from edge_sentry.reading import Reading, SourceReport, merged

# A source that takes longer is left to its thread, and another one goes on with the rest.
PATIENCE_S = 0.25
_MOST_LOGGED = 100

log = logging.getLogger(__name__)


class Sources:
    """One thread while a round lasts, and one more for each source that is slow or hangs."""

    def __init__(self, sources: Sequence[Source], folder: Path) -> None:
        self._slots = [_Slot(source, folder) for source in sources]
        self._lock = threading.Lock()

    def read(self) -> Reading:
        """What all say, within the longest budget; the first call starts them."""
        with self._lock:
            due = [slot for slot in self._slots if slot.ready()]
            _begin(due)
            for slot in due:
                slot.wait()
            return merged(*(slot.told() for slot in self._slots))

    def close(self) -> None:
        """Ends what sources keep running. One that hangs is not waited for."""
        for slot in self._slots:
            slot.close()

    @property
    def reports(self) -> tuple[SourceReport, ...]:
        """How the newest reading of each went, in the order of the table; without those never begun."""
        return tuple(slot.report for slot in self._slots if slot.report is not None)


class _Slot:
    """One source and its newest reading. While that lasts no other begins."""

    def __init__(self, source: Source, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self._collect: Collect | None = None
        self._finished = threading.Event()
        self._finished.set()
        self._outcome: Reading | str = "not read yet"
        self._last = Reading()
        self._hung = 0
        self._logged: set[str] = set()
        self._began: float | None = None
        self.report: SourceReport | None = None

    def ready(self) -> bool:
        """Whether it may be read now; if so it counts as being read."""
        if not self._finished.is_set():
            return False
        self._finished.clear()
        self._began = None
        return True

    def read(self) -> None:
        """In a thread that may hang here."""
        self._began, read_at = time.monotonic(), time.time()
        self.report = SourceReport(self._source.name, None, None, read_at)
        reason = None
        try:
            if self._collect is None:
                self._collect = self._source.start(self._folder)
            self._outcome = outcome = self._collect()
            reason = outcome.gaps[0].reason if outcome.gaps else None
        except Exception as error:  # noqa: BLE001 - drivers fail in ways nobody lists; the reason is sent
            self._outcome = reason = f"{type(error).__name__}: {error}"
            self._log_once(reason, error)
        duration_s = round(time.monotonic() - self._began, 4)
        self.report = SourceReport(self._source.name, duration_s, reason, read_at)
        self._finished.set()

    def close(self) -> None:
        """Whatever fails, the others are closed too."""
        if isinstance(self._collect, Closable):
            with suppress(Exception):
                self._collect.close()

    def soon(self) -> bool:
        """Whether it is done before patience ends."""
        return self._finished.wait(PATIENCE_S)

    def wait(self) -> None:
        """Until it is done or has used up its time."""
        began = time.monotonic() if self._began is None else self._began
        self._finished.wait(max(0.0, began + self._source.budget_s - time.monotonic()))

    def told(self) -> Reading:
        """Its reading; else the reason for all that it told before, whose specs and cards still hold."""
        if not self._finished.is_set():
            return self._hanging()
        self._hung = 0
        if isinstance(self._outcome, str):
            return self._failed(self._outcome)
        reading = self._outcome
        if reading.gaps:
            return self._with_reasons(reading, reading.gaps[0].reason)
        self._last = reading
        return reading

    def _hanging(self) -> Reading:
        self._hung += 1
        reason = f"no answer within {self._source.budget_s:g} s"
        self._log_once(reason, None)
        if self.report is not None:
            self.report = self.report._replace(reason=reason)
        return self._failed(reason)

    def _failed(self, reason: str) -> Reading:
        source = self._source
        reading = Reading(specs=self._last.specs, unread=dict.fromkeys(source.metrics, reason))
        if source.vendor is not None:
            gap = unread_cards(source.vendor, reason, hung_readings=self._hung)
            reading = merged(reading, gap)
        return self._with_reasons(reading, reason)

    def _with_reasons(self, reading: Reading, reason: str) -> Reading:
        """Each figure that it had and has no more is unread."""
        before = {*self._last.values, *self._last.unread} - self._last.specs.keys()
        missing = sorted(before - reading.values.keys() - reading.unread.keys())
        return replace(reading, unread={**dict.fromkeys(missing, reason), **reading.unread})

    def _log_once(self, reason: str, error: Exception | None) -> None:
        if reason not in self._logged and len(self._logged) < _MOST_LOGGED:
            self._logged.add(reason)
            log.warning("Cannot read %s: %s", self._source.name, reason, exc_info=error)


def _begin(due: Sequence[_Slot]) -> None:
    """All of them, in their order; returns when each has been begun and the quick ones are done."""
    queue = deque(due)
    at_work = False
    for slot in due:
        if not at_work:
            _start(queue)
        at_work = slot.soon()


def _start(queue: deque[_Slot]) -> None:
    try:
        threading.Thread(target=_work, args=(queue,), name="source", daemon=True).start()
    except RuntimeError:  # the system has no thread left: better without a limit than not at all
        _work(queue)


def _work(queue: deque[_Slot]) -> None:
    while True:
        try:
            slot = queue.popleft()
        except IndexError:
            return
        slot.read()
