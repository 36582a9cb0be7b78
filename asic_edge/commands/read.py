"""`asic-edge read`: everything that one device tells, for people or as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

from asic_edge.commands import console
from asic_edge.commands.asking import asking
from asic_edge.commands.words import FAILED, GOOD, IN_PART, USAGE, duration, number, rate
from asic_edge.errands.asking import Devices
from asic_edge.roster.book import Roster
from asic_edge.roster.store import read_roster
from asic_edge.snapshot import Board, NoAnswer, PoolState, Snapshot
from asic_edge.ways import Known

_MHZ = 1e6


def read(folder: Path, addresses: Sequence[str], *, as_json: bool) -> int:
    """Exit code: good when all were read, in part when some were; raises SettingsError."""
    try:
        wanted = [str(IPv4Address(each)) for each in addresses]
    except AddressValueError as error:
        console.warn(f"This is no IPv4 address: {error}.")
        return USAGE
    results = asyncio.run(_read(folder, wanted, read_roster(folder)))
    for address, result in zip(wanted, results, strict=True):
        if isinstance(result, NoAnswer):
            console.warn(f"{address} {result.reason}.")
        elif as_json:
            console.say_json(result)
        else:
            for line in lines_of(result):
                console.say(line)
    good = sum(1 for each in results if isinstance(each, Snapshot))
    return GOOD if good == len(wanted) else IN_PART if good else FAILED


async def _read(folder: Path, addresses: Sequence[str], roster: Roster) -> list[Snapshot | NoAnswer]:
    async with asking(folder) as devices:
        return list(await asyncio.gather(*(_one(devices, each, roster) for each in addresses)))


async def _one(devices: Devices, address: str, roster: Roster) -> Snapshot | NoAnswer:
    """As what it is now; the roster knows what cannot be identified twice."""
    known = await devices.identified(address)
    entry = roster.at(address)
    if isinstance(known, NoAnswer) and entry is not None and entry.reader:
        reading = await devices.read(Known(entry.identity, entry.reader))
        return known if isinstance(reading, NoAnswer) else reading
    return known if isinstance(known, NoAnswer) else await devices.read(known)


def lines_of(snapshot: Snapshot) -> list[str]:
    """Everything, a line each; what was not read stands at the end with its reason."""
    identity, unit = snapshot.identity, snapshot.unit
    per_hash = snapshot.joules_per_hash
    rows = [
        ("Device", " ".join(each for each in (identity.make, identity.model) if each) or None),
        ("Address", identity.address),
        (
            "Firmware",
            " ".join(each for each in (identity.firmware, identity.firmware_version) if each) or None,
        ),
        ("MAC", identity.mac),
        ("Serial number", identity.serial),
        ("Hostname", identity.hostname),
        ("Algorithm", snapshot.algorithm),
        ("Hashrate", _hashrates(snapshot)),
        ("Power", number(snapshot.power_w, "W")),
        ("Efficiency", None if per_hash is None or unit != "H/s" else f"{per_hash * 1e12:.1f} J/TH"),
        ("Air or fluid", number(snapshot.temperature_c, "°C")),
        ("Uptime", duration(snapshot.uptime_s)),
    ]
    return [
        *(f"{name:<15}{value}" for name, value in rows if value and value != "not known"),
        *(f"Board {each.position:<9}{_board(each, unit)}" for each in snapshot.boards),
        *(f"Fan {each.position:<11}{number(each.rpm, 'rpm')}" for each in snapshot.fans),
        *(f"Pool {each.position:<10}{_pool(each)}" for each in snapshot.pools),
        *(f"{each.level.capitalize():<15}{each.text}" for each in snapshot.messages),
        *(f"Not read       {each.part}: {each.reason}" for each in snapshot.unread),
    ]


def _hashrates(snapshot: Snapshot) -> str:
    unit = snapshot.unit
    told = (
        ("", snapshot.hashrate),
        ("average ", snapshot.average_hashrate),
        ("of ", snapshot.expected_hashrate),
    )
    return ", ".join(f"{words}{rate(value, unit)}" for words, value in told if value is not None)


def _board(board: Board, unit: str) -> str:
    chips = None if board.chips is None else f"{board.chips} chips"
    if chips and board.expected_chips:
        chips = f"{board.chips} of {board.expected_chips} chips"
    frequency_mhz = None if board.frequency_hz is None else board.frequency_hz / _MHZ
    return _joined(
        rate(board.hashrate, unit),
        chips,
        number(board.temperature_c, "°C"),
        f"chips {number(board.chip_temperature_c, '°C')}" if board.chip_temperature_c is not None else None,
        number(frequency_mhz, "MHz"),
    )


def _pool(pool: PoolState) -> str:
    counts = ((pool.accepted, "accepted"), (pool.rejected, "rejected"))
    return _joined(
        pool.address,
        pool.user,
        {True: "mined for", False: "waiting", None: None}[pool.active],
        {True: None, False: "does not answer", None: None}[pool.alive],
        *(f"{count:,} {word}" for count, word in counts if count is not None),
    )


def _joined(*parts: str | None) -> str:
    told: Iterable[str] = (each for each in parts if each and each != "not known")
    return ", ".join(told) or "tells nothing"
