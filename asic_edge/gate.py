"""Lets one asker at a time into a device, and counts how often each device and model is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from asic_edge.snapshot import Depth, Identity


class Budget(NamedTuple):
    """How much a model bears. `connections` at once: 1 keeps everything but its own reader away from it."""

    connections: int
    least_interval_s: float


USUAL = Budget(connections=10, least_interval_s=5)
_BUDGETS = {
    # Its maker's KS0 Ultra hangs under polling; the others share its software.
    "IceRiver": Budget(connections=1, least_interval_s=10),
}


def budget_of(identity: Identity) -> Budget:
    """What the make bears."""
    return _BUDGETS.get(identity.make or "", USUAL)


class Asked(NamedTuple):
    """How often something was asked since the program started."""

    identified: int
    light: int
    full: int


class Gate:
    """Whoever asks a device, a round or a search, does so within its `turn`."""

    def __init__(self) -> None:
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}
        self._by_address: Counter[tuple[str, str]] = Counter()
        self._by_model: Counter[tuple[str, str]] = Counter()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Waits until nobody else asks the device."""
        lock, waiting = self._turns.get(address, (asyncio.Lock(), 0))
        self._turns[address] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            waiting = self._turns[address][1] - 1
            if waiting:
                self._turns[address] = lock, waiting
            else:
                del self._turns[address]

    def count(self, address: str, what: Depth | None, identity: Identity | None = None) -> None:
        """One question. `what` None: what it is."""
        name = what.value if what else "identified"
        self._by_address[address, name] += 1
        if identity is not None:
            self._by_model[_model(identity), name] += 1

    def asked(self, address: str) -> Asked:
        """Of one device."""
        return _asked(self._by_address, address)

    def asked_by_model(self) -> dict[str, Asked]:
        """Of all devices of a make and model together."""
        return {model: _asked(self._by_model, model) for model, _ in self._by_model}

    def forget(self, address: str) -> None:
        """The device is watched no more."""
        for name in Asked._fields:
            self._by_address.pop((address, name), None)


def _asked(counted: Counter[tuple[str, str]], key: str) -> Asked:
    return Asked(*(counted[key, name] for name in Asked._fields))


def _model(identity: Identity) -> str:
    return " ".join(each for each in (identity.make, identity.model) if each) or "unknown"
