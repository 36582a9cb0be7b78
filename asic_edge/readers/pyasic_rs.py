"""Reads devices through pyasic-rs: the only module that imports it, and it calls nothing there that writes.

It runs in a process of its own (`asic_edge.native`). Default logins (root/root, admin/admin) are tried of
devices for which no other was given.
"""

from __future__ import annotations

import time
from typing import Any, Final, Literal, NamedTuple

import msgspec
from pyasic_rs import Miner, MinerFactory
from pyasic_rs.data import DataField

from asic_edge.login import Login
from asic_edge.names import algorithm_of, mac_of, make_of, model_of
from asic_edge.plausible import (
    CHIPS,
    DURATION_S,
    FREQUENCY_HZ,
    MOST_BOARDS,
    MOST_FANS,
    MOST_MESSAGES,
    MOST_POOLS,
    POWER_W,
    RATE,
    SHARES,
    SPEED_RPM,
    TEMPERATURE_C,
    Sieve,
    sum_of,
    text_of,
)
from asic_edge.snapshot import Board, Depth, DeviceMessage, Fan, Identity, NoAnswer, PoolState, Snapshot

REFUSED: Final = frozenset({"Whatsminer"})
"""Makes that are never read this way: see `whatsminer.py`."""
WITH_LOGIN: Final = ("AntMiner Stock", "Braiins", "Elphapex Stock", "VNish", "VolcMiner Stock")
"""Firmwares that the library can be given a login for, in its spelling."""
_SHARES_OF_ALL_POOLS = {"Bitaxe", "NerdAxe"}
_MHZ = 1e6
_NEVER = [
    DataField.ApiVersion,
    DataField.Chips,
    DataField.ControlBoardVersion,
    DataField.IsMining,  # True for a device that is off
    DataField.LightFlashing,
    DataField.PsuFans,
    DataField.TuningCapabilities,
    DataField.TuningPercent,
    DataField.TuningTarget,
]
_NOT_EACH_ROUND = [
    *_NEVER,
    DataField.FirmwareVersion,
    DataField.Hostname,
    DataField.Mac,
    DataField.Messages,
    DataField.SerialNumber,
]
_LEVELS: dict[str, Literal["error", "warning", "note"]] = {
    "Error": "error",
    "Warning": "warning",
    "Info": "note",
}


class _Known(NamedTuple):
    """A handle of the library, which keeps its clients, and what it is."""

    miner: Miner
    identity: Identity
    login: Login | None


class LibraryReader:
    """Keeps a handle for each device that it identified: making one costs several requests."""

    def __init__(self) -> None:
        self._factory = MinerFactory()
        self._known: dict[str, _Known] = {}

    async def identify(self, address: str, login: Login | None = None) -> Identity | None:
        """None when the library does not know it, or it is of a make that is not read this way."""
        self.forget(address)
        factory = self._factory if login is None else _factory_with(login)
        miner = await factory.get_miner(address)
        if miner is None or make_of(miner.make) in REFUSED:
            return None
        identity = Identity(address, make_of(miner.make), model_of(miner.model), _firmware(miner))
        self._known[address] = _Known(miner, identity, login)
        return identity

    def forget(self, address: str) -> None:
        """The next reading identifies it anew."""
        self._known.pop(address, None)

    async def read(self, address: str, depth: Depth, login: Login | None = None) -> Snapshot | NoAnswer:
        """Identifies it first where that was not done with this login."""
        if address in self._known and self._known[address].login != login:
            self.forget(address)
        if address not in self._known and await self.identify(address, login) is None:
            return NoAnswer("does not answer, or not as any device that is known")
        known = self._known[address]
        told = await known.miner.get_data(exclude=_NEVER if depth is Depth.FULL else _NOT_EACH_ROUND)
        snapshot = _snapshot(known.identity, told, depth)
        # A dead device has no error here: it just tells nothing.
        return NoAnswer("does not answer") if snapshot.is_empty else snapshot


def _factory_with(login: Login) -> MinerFactory:
    """One that identifies and reads with this login; it tries no default ones then."""
    factory = MinerFactory()
    for firmware in WITH_LOGIN:
        factory = factory.with_firmware_discovery_auth(firmware, login.user, login.password)
    return factory


def _firmware(miner: Miner) -> str | None:
    """`AntMiner Stock` is "Stock", `Braiins OS` stays."""
    told = text_of(miner.firmware)
    return "Stock" if told and told.endswith(" Stock") else told


def _snapshot(identity: Identity, told: Any, depth: Depth) -> Snapshot:
    sieve = Sieve()
    boards = tuple(_board(sieve, each) for each in told.hashboards[:MOST_BOARDS])
    total = _rate(sieve, "hashrate", told.hashrate)
    algorithm = algorithm_of(str(told.device_info.algo))
    uptime = told.uptime
    snapshot = Snapshot(
        _identity(identity, told) if depth is Depth.FULL else identity,
        time.time(),
        depth,
        algorithm=algorithm,
        unit="Sol/s" if algorithm == "equihash" else "H/s",
        hashrate=sum_of([each.hashrate for each in boards]) if total is None else total,
        expected_hashrate=_rate(sieve, "expected_hashrate", told.expected_hashrate) or None,
        boards=boards,
        fans=_fans(sieve, told),
        power_w=sieve.number("power_w", told.wattage, POWER_W),
        temperature_c=sieve.number("temperature_c", told.fluid_temperature, TEMPERATURE_C),
        pools=_pools(sieve, identity, told),
        uptime_s=None if uptime is None else sieve.number("uptime_s", uptime.total_seconds(), DURATION_S),
        messages=tuple(_message(each) for each in told.messages[:MOST_MESSAGES]),
    )
    if not snapshot.is_empty:
        _note_gaps(sieve, snapshot)
    return msgspec.structs.replace(snapshot, unread=sieve.unread)


def _note_gaps(sieve: Sieve, snapshot: Snapshot) -> None:
    """The library never says why; so much can be known of what was asked for and is None."""
    for part in ("hashrate", "uptime_s"):
        if getattr(snapshot, part) is None:
            sieve.lacks(part, "the device did not tell it")
    if snapshot.depth is Depth.FULL:
        _note_gaps_of_identity(sieve, snapshot)


def _note_gaps_of_identity(sieve: Sieve, snapshot: Snapshot) -> None:
    identity = snapshot.identity
    sieve.lacks("average_hashrate", "pyasic-rs does not tell it")
    if snapshot.power_w is None:
        sieve.lacks("power_w", "the device did not tell it")
    web_is_silent = identity.mac is None and identity.hostname is None and identity.make == "Antminer"
    reason = (
        "its web page gave no answer; its password may have been changed"
        if web_is_silent
        else "the device did not tell it"
    )
    if web_is_silent:
        sieve.lacks("messages", reason)
    for part in ("mac", "hostname", "serial", "firmware_version"):
        if getattr(identity, part) is None:
            sieve.lacks(part, reason)


def _identity(known: Identity, told: Any) -> Identity:
    return Identity(
        known.address,
        known.make,
        known.model,
        known.firmware,
        firmware_version=text_of(told.firmware_version),
        mac=mac_of(told.mac),
        serial=text_of(told.serial_number),
        hostname=text_of(told.hostname),
    )


def _rate(sieve: Sieve, part: str, told: Any) -> float | None:
    """By its unit, which is TH/s for known algorithms and H/s for others: `float()` of it has none."""
    return None if told is None else sieve.number(part, told.value, RATE, told.unit.value)


def _board(sieve: Sieve, told: Any) -> Board:
    position = told.position
    chips = [each for each in (told.inlet_chip_temperature, told.outlet_chip_temperature) if each]
    return Board(
        position,
        hashrate=_rate(sieve, f"hashrate@{position}", told.hashrate),
        expected_hashrate=_rate(sieve, f"expected_hashrate@{position}", told.expected_hashrate) or None,
        chips=sieve.whole(f"chips@{position}", told.working_chips, CHIPS),
        expected_chips=sieve.whole(f"expected_chips@{position}", told.expected_chips, CHIPS),
        temperature_c=sieve.number(f"temperature_c@{position}", told.board_temperature, TEMPERATURE_C),
        chip_temperature_c=sieve.number(
            f"chip_temperature_c@{position}", max(chips, default=None), TEMPERATURE_C
        ),
        frequency_hz=sieve.number(f"frequency_hz@{position}", told.frequency, FREQUENCY_HZ, _MHZ),
        serial=text_of(told.serial_number),
    )


def _fans(sieve: Sieve, told: Any) -> tuple[Fan, ...]:
    """In whole turns: the library computes with radians. It leaves out a fan that stands still."""
    found = {each.position: each.rpm for each in told.fans[:MOST_FANS]}
    speeds = {place: sieve.number(f"fans@{place}", rpm, SPEED_RPM) for place, rpm in found.items()}
    if len(found) < (told.expected_fans or 0):
        sieve.lacks("fans", f"{len(found)} of {told.expected_fans} told their speed")
    return tuple(Fan(place, None if rpm is None else round(rpm)) for place, rpm in sorted(speeds.items()))


def _pools(sieve: Sieve, identity: Identity, told: Any) -> tuple[PoolState, ...]:
    rows = [pool for group in told.pools for pool in group.pools if _is_told(pool)][:MOST_POOLS]
    shared = identity.make in _SHARES_OF_ALL_POOLS
    return tuple(
        _pool(sieve, index, each, counted=not shared or bool(each.active)) for index, each in enumerate(rows)
    )


def _is_told(pool: Any) -> bool:
    """A Bitaxe that is off has two pools without host and user, one of them active."""
    return bool((pool.url is not None and pool.url.host) or pool.user)


def _pool(sieve: Sieve, index: int, told: Any, *, counted: bool) -> PoolState:
    """`counted`: some devices have one counter, which the library repeats for each pool."""
    url = told.url
    return PoolState(
        index,
        None if url is None else text_of(f"{url.host}:{url.port}"),
        text_of(told.user),
        active=told.active,
        alive=told.alive,
        accepted=sieve.whole(f"accepted@{index}", told.accepted_shares, SHARES) if counted else None,
        rejected=sieve.whole(f"rejected@{index}", told.rejected_shares, SHARES) if counted else None,
    )


def _message(told: Any) -> DeviceMessage:
    level = _LEVELS.get(str(told.severity).rpartition(".")[2]) or "error"
    return DeviceMessage(
        text_of(told.message) or f"code {told.code}", level, told.code, told.timestamp or None
    )
