"""What is read from one ASIC at one moment, and what could not be read and why.

Base units everywhere: hashrates in `unit` (H/s, or Sol/s of Equihash), W, °C, Hz, seconds. None is not
known, never 0.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Literal

import msgspec

from wire.messages import HashrateUnit, Unread

__all__ = [
    "Board",
    "Depth",
    "DeviceMessage",
    "Fan",
    "Identity",
    "NoAnswer",
    "PoolState",
    "Snapshot",
    "Unread",
    "completed",
]


class Depth(StrEnum):
    """How much is asked: LIGHT is what changes each round, FULL also what a device is and complains of."""

    LIGHT = "light"
    FULL = "full"


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of what travels from a reader: immutable, defaults left out."""


class Identity(Part, frozen=True):
    """What a device is. MAC and serial number are evidence of that, the address is not: DHCP moves it.

    `make` and `model` are spelt in one way whatever the device says; `mac` is in capitals with colons.
    `firmware` is whose, `firmware_version` which.
    """

    address: str
    make: str | None = None
    model: str | None = None
    firmware: str | None = None
    firmware_version: str | None = None
    mac: str | None = None
    serial: str | None = None
    hostname: str | None = None


class Board(Part, frozen=True):
    """A hashboard, from 0. `chips` are those that work; `chip_temperature_c` is the hottest one's."""

    position: int
    hashrate: float | None = None
    expected_hashrate: float | None = None
    chips: int | None = None
    expected_chips: int | None = None
    temperature_c: float | None = None
    chip_temperature_c: float | None = None
    frequency_hz: float | None = None
    serial: str | None = None


class Fan(Part, frozen=True):
    """A fan, from 0; 0 rpm: it stands still."""

    position: int
    rpm: float | None = None


class PoolState(Part, frozen=True):
    """A configured pool as "host:port". `active`: mined for now; `alive`: it answers the device."""

    position: int
    address: str | None = None
    user: str | None = None
    active: bool | None = None
    alive: bool | None = None
    accepted: int | None = None
    rejected: int | None = None


class DeviceMessage(Part, frozen=True):
    """What the device complains of, by itself. `at`: epoch seconds, None when it does not say."""

    text: str
    level: Literal["error", "warning", "note"] = "error"
    code: int | None = None
    at: float | None = None


class Snapshot(Part, frozen=True):
    """One reading. A light one asks for less: what it does not ask for is None and not in `unread`."""

    identity: Identity
    at: float
    depth: Depth
    algorithm: str | None = None
    unit: HashrateUnit = "H/s"
    hashrate: float | None = None
    average_hashrate: float | None = None
    """Over the device's own longest window, mostly since it started."""
    expected_hashrate: float | None = None
    boards: tuple[Board, ...] = ()
    fans: tuple[Fan, ...] = ()
    power_w: float | None = None
    temperature_c: float | None = None
    """Of the air or the fluid that cools it, where it tells."""
    pools: tuple[PoolState, ...] = ()
    uptime_s: float | None = None
    messages: tuple[DeviceMessage, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def hottest_chip_c(self) -> float | None:
        """Of all boards."""
        return max((each.chip_temperature_c for each in self.boards if each.chip_temperature_c), default=None)

    @property
    def joules_per_hash(self) -> float | None:
        """Efficiency: power by hashrate. Times 1e12 that is the usual J/TH."""
        return self.power_w / self.hashrate if self.power_w is not None and self.hashrate else None

    @property
    def is_empty(self) -> bool:
        """Nothing at all was told: a library may say so of a device that is off."""
        told = (self.hashrate, self.average_hashrate, self.uptime_s, self.power_w, *self.pools, *self.fans)
        boards = (each.hashrate for each in self.boards)
        return all(value is None for value in (*told, *boards)) and not self.identity.mac


class NoAnswer(Part, frozen=True):
    """Why there is no snapshot, in words that follow the device's name: "refuses connections"."""

    reason: str


def completed(first: Snapshot, second: Snapshot, parts: Collection[str]) -> Snapshot:
    """The first, and what it lacks from the second, which was read of the same device just now.

    For `parts`, which only the second can tell, its reasons count.
    """
    filled = _filled(first, second, {"identity", "boards", "unread", "depth", "at"})
    boards = {each.position: each for each in second.boards}
    filled["boards"] = tuple(
        msgspec.structs.replace(each, **_filled(each, boards[each.position], set()))
        if each.position in boards
        else each
        for each in first.boards or second.boards
    )
    others = tuple(each for each in first.unread if each.part not in parts)
    filled["unread"] = others + tuple(each for each in second.unread if each.part in parts)
    identity = _filled(first.identity, second.identity, set())
    filled["identity"] = msgspec.structs.replace(first.identity, **identity)
    return msgspec.structs.replace(first, **filled)


def _filled(first: Part, second: Part, besides: set[str]) -> dict[str, object]:
    """Fields that the first lacks and the second has."""
    missing = (name for name in first.__struct_fields__ if getattr(first, name) in (None, ()))
    found = {name: getattr(second, name) for name in missing if name not in besides}
    return {name: value for name, value in found.items() if value not in (None, ())}
