"""Changes carried to a handler by one thread."""

from __future__ import annotations

import queue
from collections.abc import Sequence

import pytest

from cloud.adapters.local.live_changes import LiveChanges
from cloud.domain.keys import Key
from cloud.ports import Change, Item

WAIT_S = 10


def _change(name: str) -> Change:
    return Change(Item(Key("farm#f", name), "latest", b"{}", watched=True))


class _Handler:
    """Keeps what it was handed; the first `failing` batches raise."""

    def __init__(self, failing: int = 0) -> None:
        self._failing = failing
        self._batches: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def __call__(self, changes: Sequence[Change]) -> None:
        self._batches.put([change.item.key.sk for change in changes])
        if self._failing:
            self._failing -= 1
            raise RuntimeError("a bad batch")

    def names(self, count: int) -> list[str]:
        """Waits for `count` names in all."""
        names: list[str] = []
        while len(names) < count:
            names += self._batches.get(timeout=WAIT_S)
        return names

    def batch(self) -> list[str]:
        return self._batches.get(timeout=WAIT_S)

    def is_idle(self) -> bool:
        return self._batches.empty()


def test_what_came_before_the_start_is_one_batch_in_order() -> None:
    changes, handler = LiveChanges(window_s=0), _Handler()
    changes([_change("a"), _change("b")])
    changes([_change("a"), _change("c")])
    changes.start(handler)
    assert handler.batch() == ["a", "b", "a", "c"]
    changes.stop()
    assert handler.is_idle()


def test_changes_of_many_calls_come_all_and_in_order() -> None:
    changes, handler = LiveChanges(window_s=0), _Handler()
    changes.start(handler)
    for number in range(200):
        changes([_change(str(number))])
    assert handler.names(200) == [str(number) for number in range(200)]
    changes.stop()


def test_one_bad_batch_is_logged_and_the_next_is_handed_on(caplog: pytest.LogCaptureFixture) -> None:
    changes, handler = LiveChanges(window_s=0), _Handler(failing=1)
    changes.start(handler)
    changes([_change("bad")])
    assert handler.batch() == ["bad"]
    changes([_change("good")])
    assert handler.batch() == ["good"]
    changes.stop()
    assert "1 live changes" in caplog.text


def test_stopping_twice_or_unstarted_is_nothing() -> None:
    changes = LiveChanges(window_s=0)
    changes.stop()
    started = LiveChanges(window_s=0)
    started.start(_Handler())
    started.stop()
    started.stop()
