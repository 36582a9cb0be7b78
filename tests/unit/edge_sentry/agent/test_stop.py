"""Whoever waits wakes up when a stop is asked for."""

from __future__ import annotations

import os
import signal
import threading

from edge_sentry.agent.stop import Stop, stop_on_signals, stop_when_closed


def test_a_wait_ends_by_time_without_a_wish() -> None:
    stop = Stop()
    assert not stop.wait(0)
    assert not stop.wait(-5)
    assert not stop.asked


def test_everyone_who_waits_wakes_up() -> None:
    stop = Stop()
    waiting = [threading.Thread(target=stop.wait_forever) for _ in range(5)]
    for thread in waiting:
        thread.start()
    stop.ask()
    for thread in waiting:
        thread.join(30)
    assert not any(thread.is_alive() for thread in waiting)
    assert stop.wait(3600)


def test_a_signal_asks_to_stop() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    stop = Stop()
    try:
        stop_on_signals(stop)
        signal.raise_signal(signal.SIGTERM)
        assert stop.wait(30)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_end_of_the_input_asks_to_stop() -> None:
    reading, writing = os.pipe()
    stop = Stop()
    stop_when_closed(stop, reading)
    os.write(writing, b"still here")
    assert not stop.wait(0.01)
    os.close(writing)
    assert stop.wait(30)
    os.close(reading)
