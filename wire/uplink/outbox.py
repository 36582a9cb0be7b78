"""Holds the samples that a commander has not accepted yet, oldest first, in bounded memory."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from wire.codec import MAX_INFLATED_BYTES, MAX_SENT_BYTES, encode, encode_report
from wire.messages import Report

CAPACITY = 8640  # a day of samples at 10 s, about 6 MB
SAMPLES_PER_REPORT = 360
_SAME_SAMPLE_S = 0.01


class Sample(NamedTuple):
    """What was read from a machine at one moment of the steady clock; absent: not read."""

    taken: float
    values: Mapping[str, float]


# Makes a report of samples; the flag says that no others wait behind them.
Form = Callable[[Sequence[Sample], bool], Report]


class Outbox:
    """The unsent samples of one machine. Two threads may use it: one adds, one sends.

    When full the oldest sample is dropped and counted in `dropped`.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._pending: deque[Sample] = deque(maxlen=capacity)
        self._lock = threading.Lock()
        self._head: Report | None = None
        self._head_samples: tuple[Sample, ...] = ()
        self.dropped = 0

    def __len__(self) -> int:
        """Samples that wait, those of the report under way included."""
        return len(self._head_samples) + len(self._pending)

    def add(self, sample: Sample) -> None:
        """Keeps one sample; one at the very time of the last waiting is the same and is left out."""
        with self._lock:
            if self._pending and sample.taken < self._pending[-1].taken + _SAME_SAMPLE_S:
                return
            self.dropped += len(self._pending) == self._pending.maxlen
            self._pending.append(sample)

    def head(self, form: Form) -> Report | None:
        """The report to send now, None when nothing waits.

        It stays the same until `settle`, so that sending it twice tells the commander nothing new.
        """
        with self._lock:
            if self._head is None and self._head_samples:
                self._head = form(self._head_samples, not self._pending)
            elif self._head is None and self._pending:
                self._head = self._take(form)
        return self._head

    def reform(self) -> None:
        """The report under way was refused whole and may be formed anew of the same samples."""
        self._head = None

    def settle(self) -> None:
        """The report under way is done with: accepted, or refused for good."""
        self._head, self._head_samples = None, ()

    def _take(self, form: Form) -> Report:
        samples = tuple(islice(self._pending, SAMPLES_PER_REPORT))
        report = form(samples, len(samples) == len(self._pending))
        while len(samples) > 1 and not _fits(report):
            samples = samples[: len(samples) // 2]
            report = form(samples, False)
        for _ in samples:
            self._pending.popleft()
        self._head_samples = samples
        return report


def _fits(report: Report) -> bool:
    return len(encode(report)) <= MAX_INFLATED_BYTES and len(encode_report(report)) <= MAX_SENT_BYTES
