"""Limits how often something may be done, by a bucket of tokens per key, in this process."""

from __future__ import annotations

import threading
from collections import OrderedDict

from cloud.ports import Clock

KEYS_MAX = 200_000
"""The keys that were used longest ago are forgotten, and so begin with a full bucket."""


class TokenBuckets:
    """The port `Rates`. Each key may be used `burst` times at once and `per_s` times a second on."""

    def __init__(self, clock: Clock, per_s: float, burst: int) -> None:
        self._clock, self._per_s, self._burst = clock, per_s, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        now = self._clock()
        with self._lock:
            tokens, at = self._buckets.pop(key, (float(self._burst), now))
            # A clock that is set back gives nothing and takes nothing.
            tokens = min(self._burst, tokens + max(0.0, now - at) * self._per_s)
            self._buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > KEYS_MAX:
                self._buckets.popitem(last=False)
        return 0.0 if tokens >= 1 else (1 - tokens) / self._per_s
