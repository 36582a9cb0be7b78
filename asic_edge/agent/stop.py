"""The wish that the program end: by a signal, or because the parent that holds our stdin is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import suppress


def stop_on_signals(stop: asyncio.Event) -> None:
    """SIGTERM and SIGINT ask to stop. Within the event loop of the main thread."""
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(each, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(each, lambda *_: loop.call_soon_threadsafe(stop.set))


def stop_when_closed(stop: asyncio.Event, descriptor: int = 0) -> None:
    """The end of the input, standard input by default, asks to stop, so that no orphan is left."""
    loop = asyncio.get_running_loop()

    def watch() -> None:
        # os.read and not sys.stdin: a thread blocked in the latter hinders the interpreter's exit.
        with suppress(OSError):
            while os.read(descriptor, 4096):
                pass
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, name="stdin", daemon=True).start()
