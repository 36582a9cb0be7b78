"""ASICs of one edge that is asked each minute, and its reports as decision 0035 has them."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from cloud.domain import keys
from cloud.domain.asic_records import KeptSeat, Seats
from cloud.domain.records import Machine
from cloud.ports import Item, Ports
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from tests.benchmarks.fleet import FARM_NAME, MIDNIGHT, OWNER, PASSWORD
from wire.edge import BATCH_MACHINES, EdgeState, RoundState, SlowDevice, batch_of
from wire.messages import REPORT_CONTENT_TYPE, AgentKind, Block, MachineReport, Mining, Report, Series
from wire.metrics import BY_NAME, to_step

ROUND_S, BLOCK_ROUNDS = 60, 5
MACHINES_A_REPORT = 300
"""Whole batches of ASICs with three boards and four fans, as many as keep a report under 900 KB inflated."""
BOARDS, FANS = 3, 4
ALGORITHM = "SHA256"
_MINING = (Mining(ALGORITHM, 95e12, "H/s", expected=1e14, pool="pool.example.test:3333"),)
_MODEL = "Bitmain Antminer S19j Pro"
_SLOW = tuple(
    SlowDevice(f"row-7-{number}", f"10.1.2.{number}", 1.5, f"machine_{number:016d}") for number in range(20)
)
_STATE = EdgeState(
    devices=2000,
    reads=2000,
    elsewhere=0,
    refused=0,
    round_s=ROUND_S,
    networks=("10.1.2.3/22",),
    round=RoundState(MIDNIGHT, 12.5, 2000, 1998, 2),
    slow=_SLOW,
)


class Edge(NamedTuple):
    """An ASIC edge with so many devices, numbered from 0 on so that its batches are whole."""

    farm: str
    agent: str
    token: str
    machines: int

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}", "content-type": REPORT_CONTENT_TYPE}

    def items(self) -> Iterator[Item]:
        """Machines and seats, as its roster would make them."""
        for first in range(0, self.machines, BATCH_MACHINES):
            numbers = range(first, min(first + BATCH_MACHINES, self.machines))
            macs = {
                number: f"02:00:00:{number >> 16:02X}:{number >> 8 & 255:02X}:{number & 255:02X}"
                for number in numbers
            }
            seats = {
                number: KeptSeat(machine_of(number), True, MIDNIGHT, (macs[number],), "t" * 16, "w" * 32)
                for number in numbers
            }
            yield Item.of(keys.seats(self.farm, self.agent, batch_of(first)), Seats(seats))
            for number in numbers:
                name = machine_of(number)
                record = Machine(
                    name,
                    f"row-7-{number}",
                    AgentKind.ASIC,
                    self.agent,
                    MIDNIGHT,
                    batch=batch_of(number),
                    model=_MODEL,
                )
                yield Item.of(keys.machine(self.farm, name), record)

    def report(self, now: float, numbers: range | None = None, *, closing: bool = True) -> Report:
        """After the round of the last minute before `now`: its machines, and the blocks that it closes."""
        minute = int(now / ROUND_S)
        chosen = range(self.machines) if numbers is None else numbers
        parts = tuple(_part(number, minute, closing=closing) for number in chosen)
        sequence = round(now - MIDNIGHT) % 2**39
        return Report(1, sequence, now, ROUND_S, parts, edge=_STATE)

    def reports(self, now: float) -> Iterator[Report]:
        """All of them, in as many reports as it takes."""
        for index, first in enumerate(range(0, self.machines, MACHINES_A_REPORT)):
            chosen = range(first, min(first + MACHINES_A_REPORT, self.machines))
            yield self.report(now + index, chosen)


def make_edge(ports: Ports, count: int) -> Edge:
    """An edge of a new farm; its items are to be put."""
    farm = create_owner(ports, OWNER, PASSWORD, FARM_NAME)
    made = create_agent(ports, farm, "shed", AgentKind.ASIC)
    return Edge(farm, made.agent.agent, made.token, count)


def machine_of(number: int) -> str:
    return f"machine_{number:016d}"


def asic_block(number: int, first: int, last: int) -> Block:
    """The samples of the minutes from `first` up to `last`, which is not in it."""
    at = tuple(float(minute * ROUND_S) for minute in range(first, last))
    columns = [_sample(number, minute) for minute in range(first, last)]
    return Block(
        at,
        tuple(
            Series(metric, tuple(column[place] for column in columns), subject)
            for place, (metric, subject) in enumerate(_names())
        ),
    )


def _part(number: int, minute: int, *, closing: bool) -> MachineReport:
    closes = closing and (minute + number) % BLOCK_ROUNDS == 0
    blocks = (asic_block(number, minute - BLOCK_ROUNDS, minute),) if closes else ()
    after = float((minute - BLOCK_ROUNDS - 1) * ROUND_S) if closes else None
    newest = asic_block(number, minute, minute + 1)
    return MachineReport(machine_of(number), blocks, newest, after, mining=_MINING, batch=batch_of(number))


@cache
def _names() -> tuple[tuple[str, str], ...]:
    own = ("power_w", "uptime_s", "chip_hottest_c", "coolant_temperature_c", "fan_slowest_rpm", "readings")
    of_algorithm = ("hashrate", "average_hashrate", "expected_hashrate", "accepted_shares", "rejected_shares")
    of_board = ("board_hashrate", "board_temperature_c", "board_chip_c", "board_chips", "board_frequency_hz")
    return (
        *((name, "") for name in own),
        *((name, ALGORITHM) for name in of_algorithm),
        *((name, f"board-{board}") for board in range(BOARDS) for name in of_board),
        *(("fan_rpm", f"fan-{fan}") for fan in range(FANS)),
    )


@cache
def _sample(number: int, minute: int) -> tuple[float, ...]:
    return tuple(to_step(BY_NAME[name], _value(name, subject, number, minute)) for name, subject in _names())


def _value(name: str, subject: str, number: int, minute: int) -> float:
    """As coarse and as restless as devices tell it: rates and speeds always move, clocks never do."""
    noise = zlib.crc32(f"{name}{subject}{number}{minute}".encode()) / 2**32
    elapsed = minute * ROUND_S - MIDNIGHT + (40 + number) * 86_400
    return {
        "power_w": 3050 + number % 50 + round(20 * noise),
        "uptime_s": elapsed,
        "chip_hottest_c": 74 + number % 5 + round(2 * noise),
        "coolant_temperature_c": 31 + round(noise),
        "fan_slowest_rpm": 5400 + 60 * round(3 * noise),
        "readings": elapsed // ROUND_S,
        "hashrate": 95e12 + 3e12 * noise,
        "average_hashrate": 96e12 + 1e11 * math.sin(minute / 60),
        "expected_hashrate": 1e14,
        "accepted_shares": elapsed // 15,
        "rejected_shares": elapsed // 3600,
        "board_hashrate": 31.6e12 + 1e12 * noise,
        "board_temperature_c": 62 + number % 5 + round(2 * noise),
        "board_chip_c": 73 + number % 5 + round(2 * noise),
        "board_chips": 126,
        "board_frequency_hz": 545e6,
        "fan_rpm": 5400 + 60 * round(4 * noise),
    }[name]
