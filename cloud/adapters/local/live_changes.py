"""Carries the store's changes to a handler in one thread, gathered over a short window.

It stands for the DynamoDB stream: changes of one key come in order, and one failed batch is
logged and passed over, since the pages resync by themselves.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence

from cloud.ports import Change

_log = logging.getLogger(__name__)


class LiveChanges:
    """Call it with changes; the handler is called with all that came within `window_s`."""

    def __init__(self, window_s: float = 0.5) -> None:
        self._window_s = window_s
        self._queue: queue.SimpleQueue[Sequence[Change] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def __call__(self, changes: Sequence[Change]) -> None:
        self._queue.put(changes)

    def start(self, handler: Callable[[Sequence[Change]], None]) -> None:
        """Begins to hand changes on."""
        self._thread = threading.Thread(target=self._run, args=(handler,), name="live-changes", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what waits is dropped, for the pages are going too."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self, handler: Callable[[Sequence[Change]], None]) -> None:
        while (first := self._queue.get()) is not None:
            time.sleep(self._window_s)
            gathered = list(first)
            while not self._queue.empty():
                more = self._queue.get()
                if more is None:
                    return
                gathered += more
            try:
                handler(gathered)
            except Exception:  # noqa: BLE001 - one bad batch must not end the live view for all
                _log.exception("a batch of %d live changes was not published", len(gathered))
