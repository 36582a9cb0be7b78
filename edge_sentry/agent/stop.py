"""The wish that a program end: by a signal, or because the parent that holds our stdin is gone."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from contextlib import suppress

# Windows delivers signals only between waits.
_LONGEST_WAIT_S = 1.0 if sys.platform == "win32" else 3600.0


class Stop:
    """Many threads wait on it, anything may ask.

    Not a threading.Event: setting one within a signal handler can deadlock with a wait that the
    signal interrupts, while SimpleQueue.put is made for that.
    """

    def __init__(self) -> None:
        self._wishes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.asked = False

    def ask(self, *_: object) -> None:
        """Everyone who waits wakes up; takes whatever a signal handler is given."""
        self.asked = True
        self._wishes.put(None)

    def wait(self, seconds: float) -> bool:
        """Sleeps for so long or until asked to stop; True when asked."""
        if not self.asked:
            with suppress(queue.Empty):
                self._wishes.get(timeout=min(max(seconds, 0.0), _LONGEST_WAIT_S))
                self._wishes.put(None)  # for the next who waits
        return self.asked

    def wait_forever(self) -> None:
        """Returns when asked to stop."""
        while not self.wait(_LONGEST_WAIT_S):
            pass


def stop_on_signals(stop: Stop) -> None:
    """SIGTERM and SIGINT ask to stop. Only the main thread may call this."""
    signal.signal(signal.SIGTERM, stop.ask)
    signal.signal(signal.SIGINT, stop.ask)


def stop_when_closed(stop: Stop, descriptor: int = 0) -> None:
    """The end of the input, standard input by default, asks to stop, so that no orphan is left."""

    def watch() -> None:
        # os.read and not sys.stdin: a thread blocked in the latter hinders the interpreter's exit.
        with suppress(OSError):
            while os.read(descriptor, 4096):
                pass
        stop.ask()

    threading.Thread(target=watch, name="stdin", daemon=True).start()
