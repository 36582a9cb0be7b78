"""Turns a reading of a device into what is reported of a machine: figures, what it mines, what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from asic_edge.errands.admitting import login_of
from asic_edge.roster.entries import Entry
from asic_edge.snapshot import Board, PoolState, Snapshot
from wire.edge import Appliance, Notice, Pool
from wire.messages import Mining, Specs, Unread, series_name
from wire.metrics import BY_NAME, misreading, to_step

MOST_UNREAD: Final = 200
MOST_POOLS: Final = 16
MOST_NOTICES: Final = 50
_MINING_MOST = 1e24
_OF_ALGORITHM: Final = ("hashrate", "average_hashrate", "expected_hashrate")
_OF_MACHINE: Final = {"temperature_c": "coolant_temperature_c"}
_OF_BOARD: Final = {
    "hashrate": "board_hashrate",
    "temperature_c": "board_temperature_c",
    "chip_temperature_c": "board_chip_c",
    "chips": "board_chips",
    "frequency_hz": "board_frequency_hz",
}
_NO_ALGORITHM = "the device does not say what it mines"


def values_of(last: Snapshot, full: Snapshot | None, asked: int) -> dict[str, float]:
    """One sample: the value of each series by its name, to the metric's step. `asked`: how often so far.

    What cannot be true is left out, for one such value would have the whole report refused.
    """
    told = (*_of_machine(last, asked), *_of_algorithm(last, full), *_of_parts(last))
    return {
        series_name(metric, subject): to_step(BY_NAME[metric], value)
        for metric, subject, value in told
        if value is not None and misreading(BY_NAME[metric], value) is None
    }


def mining_of(last: Snapshot, full: Snapshot | None) -> tuple[Mining, ...]:
    """What it mines now; nothing where the device does not say what."""
    algorithm = _algorithm(last, full)
    if algorithm is None:
        return ()
    pool = _mined_for(last.pools or (full.pools if full else ()))
    expected = last.expected_hashrate
    if expected is None and full is not None:
        expected = full.expected_hashrate
    return (
        Mining(
            algorithm,
            _rate(last.hashrate),
            last.unit,
            expected=_rate(expected),
            pool=pool.address[:100] if pool is not None and pool.address else None,
        ),
    )


def specs_of(entry: Entry, full: Snapshot | None, agent_version: str) -> Specs:
    """What it is, as the last full reading and the roster say."""
    identity = full.identity if full else entry.identity
    return Specs(
        hostname=identity.hostname or entry.hostname,
        addresses=(entry.address,) if entry.address else (),
        agent_version=agent_version,
        make=identity.make or entry.make,
        model=identity.model or entry.model,
        firmware=identity.firmware or entry.firmware,
        firmware_version=identity.firmware_version,
        mac=identity.mac or entry.mac,
        serial=identity.serial or entry.serial,
    )


def appliance_of(full: Snapshot, read_at: float) -> Appliance:
    """What a full reading tells beside figures and identity."""
    return Appliance(
        tuple(_pool(each) for each in full.pools[:MOST_POOLS]),
        tuple(Notice(each.text, each.level, each.code, each.at) for each in full.messages[:MOST_NOTICES]),
        login_of(full),
        max(read_at, 0.0),
    )


def unread_of(last: Snapshot | None, full: Snapshot | None) -> tuple[Unread, ...]:
    """What could not be read and why; the last reading knows better than the last full one."""
    told = {each.part: each for each in full.unread} if full else {}
    told |= {each.part: each for each in last.unread} if last else {}
    algorithm = _algorithm(last, full) if last is not None else None
    if last is not None and algorithm is None:
        told.setdefault("hashrate", Unread("hashrate", _NO_ALGORITHM))
    parts = ((_series_of(part, algorithm), each.reason) for part, each in told.items())
    return tuple(Unread(part[:130], reason[:200]) for part, reason in parts)[:MOST_UNREAD]


def _series_of(part: str, algorithm: str | None) -> str:
    """The series that a reader's part becomes, as `values_of` names it; itself where it becomes none."""
    name, _, position = part.partition("@")
    if not position:
        return series_name(name, algorithm or "") if name in _OF_ALGORITHM else _OF_MACHINE.get(name, part)
    if name == "fans":
        return series_name("fan_rpm", f"fan-{position}")
    return series_name(_OF_BOARD[name], f"board-{position}") if name in _OF_BOARD else part


def _of_machine(last: Snapshot, asked: int) -> Iterator[tuple[str, str, float | None]]:
    speeds = [each.rpm for each in last.fans if each.rpm is not None]
    yield "power_w", "", last.power_w
    yield "uptime_s", "", last.uptime_s
    yield "chip_hottest_c", "", last.hottest_chip_c
    yield "coolant_temperature_c", "", last.temperature_c
    yield "fan_slowest_rpm", "", min(speeds, default=None)
    yield "readings", "", asked


def _of_algorithm(last: Snapshot, full: Snapshot | None) -> Iterator[tuple[str, str, float | None]]:
    algorithm = _algorithm(last, full)
    if algorithm is None:
        return
    yield "hashrate", algorithm, last.hashrate
    yield "average_hashrate", algorithm, last.average_hashrate
    yield "expected_hashrate", algorithm, last.expected_hashrate
    yield "accepted_shares", algorithm, _sum(each.accepted for each in last.pools)
    yield "rejected_shares", algorithm, _sum(each.rejected for each in last.pools)


def _of_parts(last: Snapshot) -> Iterator[tuple[str, str, float | None]]:
    for board in last.boards:
        yield from _of_board(board)
    for fan in last.fans:
        yield "fan_rpm", f"fan-{fan.position}", fan.rpm


def _of_board(board: Board) -> Iterator[tuple[str, str, float | None]]:
    subject = f"board-{board.position}"
    yield "board_hashrate", subject, board.hashrate
    yield "board_temperature_c", subject, board.temperature_c
    yield "board_chip_c", subject, board.chip_temperature_c
    yield "board_chips", subject, board.chips
    yield "board_frequency_hz", subject, board.frequency_hz


def _algorithm(last: Snapshot, full: Snapshot | None) -> str | None:
    """A light reading may not tell it, and it does not change between two full ones."""
    return last.algorithm or (full.algorithm if full else None)


def _mined_for(pools: tuple[PoolState, ...]) -> PoolState | None:
    return next((each for each in pools if each.active), None)


def _pool(pool: PoolState) -> Pool:
    return Pool(pool.position, pool.address, pool.user, pool.active, pool.alive, pool.accepted, pool.rejected)


def _rate(value: float | None) -> float | None:
    return value if value is not None and 0 <= value <= _MINING_MOST else None


def _sum(told: Iterator[int | None]) -> int | None:
    """None unless there is something to add: a counter that lacks a pool would fall and rise."""
    counts = list(told)
    return None if not counts or None in counts else sum(each for each in counts if each is not None)
