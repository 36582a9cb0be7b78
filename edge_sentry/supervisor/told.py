"""Turns the normal form of a program's answer into the facts that the supervisor judges by."""

from __future__ import annotations

from collections.abc import Iterable

from edge_sentry.miners.normal_form import Device, MinerReading, State, Trouble
from edge_sentry.supervisor.facts import Api, MinerFacts

# All other troubles mean that something answered: a restart would not change what it says.
_SILENT = {Trouble.NOTHING_LISTENS, Trouble.NO_ANSWER}


def facts_of(reading: MinerReading, at: float) -> MinerFacts:
    """`at`: when it was read, by the steady clock. The counters are those of all algorithms together.

    The pool counts as away when that of any algorithm is.
    """
    if reading.trouble is not None:
        api = Api.SILENT if reading.trouble in _SILENT else Api.UNREADABLE
        return MinerFacts(at=at, api=api, reason=reading.reason)
    algorithms = reading.algorithms
    connected = {each.pool.connected for each in algorithms} - {None}
    return MinerFacts(
        at=at,
        api=Api.READABLE,
        hashrates={
            each.name or f"algorithm {place}": each.hashrate for place, each in enumerate(algorithms, 1)
        },
        devices={_name(each, place): _most(each) for place, each in enumerate(reading.devices)},
        accepted=_sum(each.accepted for each in algorithms),
        rejected=_sum(each.rejected for each in algorithms),
        pool_connected=False not in connected if connected else None,
        pool_failures=_sum(each.pool.failures for each in algorithms),
        paused=reading.state is State.PAUSED,
    )


def _name(device: Device, place: int) -> str:
    """Its PCI address; where that is not told, the program's own number has to do."""
    return device.key or f"{device.kind}{place if device.index is None else device.index}"


def _most(device: Device) -> float | None:
    """A card that works for one of two algorithms works."""
    return max((rate for rate in device.hashrates if rate is not None), default=None)


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
