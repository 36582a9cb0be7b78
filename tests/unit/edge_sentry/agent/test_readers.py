"""Programs are read in few threads, each on its own time, and with nothing to read nothing wakes."""

from __future__ import annotations

import threading
import time

from edge_sentry.agent.readers import MOST_THREADS, Readers, Target
from tests.system.processes import wait_for

EVERY_S = 0.01


def target(name: str) -> Target:
    return Target(name, "xmrig", 1, managed=True)


def test_a_slow_program_delays_no_other() -> None:
    release, read = threading.Event(), []
    slow, quick = target("slow"), [target(f"quick {number}") for number in range(9)]

    def take(one: Target) -> None:
        if one == slow:
            release.wait(30)
        read.append(one.id)

    readers = Readers(take, time.monotonic)
    readers.want([slow, *quick])
    wait_for("the quick ones", lambda: len(read) == 9)
    assert "slow" not in read
    release.set()
    wait_for("the slow one", lambda: "slow" in read)


def test_few_threads_and_none_twice_at_once() -> None:
    now, most, counts = set(), [], []
    lock = threading.Lock()

    def take(one: Target) -> None:
        with lock:
            assert one.id not in now
            now.add(one.id)
            most.append(len(now))
            counts.append(one.id)
        time.sleep(0.02)
        with lock:
            now.discard(one.id)

    readers = Readers(take, time.monotonic, EVERY_S)
    readers.want(map(target, "abcdefgh"))
    wait_for("each one three times", lambda: all(counts.count(name) >= 3 for name in "abcdefgh"))
    readers.want(())
    assert max(most) <= MOST_THREADS
    assert readers.mishaps == 0


def test_one_that_fails_is_read_again_and_what_is_gone_is_not() -> None:
    read: list[str] = []

    def take(one: Target) -> None:
        read.append(one.id)
        raise ValueError("nobody foresaw it")

    readers = Readers(take, time.monotonic, EVERY_S)
    readers.want([target("a"), target("b")])
    wait_for("both twice", lambda: min(read.count("a"), read.count("b")) >= 2)
    readers.want([target("b")])
    time.sleep(0.05)
    gone = read.count("a")
    wait_for("b again", lambda: read.count("b") >= 10)
    readers.want(())
    assert read.count("a") == gone
    assert readers.mishaps >= 4


def test_without_anything_to_read_there_is_no_thread() -> None:
    before = threading.active_count()
    Readers(lambda _: None, time.monotonic).want(())
    assert threading.active_count() == before
