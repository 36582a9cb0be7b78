"""ASIC edges whose seats are ready, and reports as they would form them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.asic_records import KeptSeat, LatestBatch, Seats
from cloud.domain.keys import Key
from cloud.domain.records import Latest, Machine
from cloud.ports import Item, Put
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from tests.fakes.reports import NOW, Columns, block
from tests.fakes.world import World
from wire.edge import Appliance, EdgeState, NoReply, batch_of
from wire.messages import AgentKind, Block, MachineReport, Mining, Report, ReportReply, RigEvent, Specs

BOARDS: Columns = {
    "power_w": [3250.0],
    "chip_hottest_c": [71.5],
    "board_hashrate@board-0": [31.5e12],
    "board_hashrate@board-1": [None],
    "hashrate@SHA256": [95e12],
}
MINED = (Mining("SHA256", 95e12, "H/s", "BTC", 1e14, "pool.example.test:3333"),)
REFUSES = NoReply("refuses connections", NOW - 60, 2)


@dataclass
class Shed:
    """An ASIC edge; `machines` are those that it has a seat for, by the device's number."""

    world: World
    farm: str
    agent: str
    token: str
    machines: dict[int, str] = field(default_factory=dict)
    epoch: int = 1
    sequence: int = 0

    def seat(self, number: int, machine: str | None = None, *, reads: bool = True) -> str:
        """A seat for a machine, which is new unless it is named; it is read here, or as before."""
        name = machine or f"machine_{self.agent}-{number}"
        key = keys.machine(self.farm, name)
        if machine is None or reads:
            self._put(
                key,
                Machine(name, f"asic-{number}", AgentKind.ASIC, self.agent, NOW, batch=batch_of(number)),
            )
        seats = keys.seats(self.farm, self.agent, batch_of(number))
        item = self.world.store.items.get(seats)
        known = dict(item.read(Seats).seats) if item else {}
        self._put(seats, Seats({**known, number: KeptSeat(name, reads, NOW, (), "", "")}))
        self.machines[number] = name
        return name

    def _put(self, key: Key, record: Machine | Seats) -> None:
        self.world.store.write(Put(Item.of(key, record)))

    def part(
        self,
        number: int,
        at: float | None = NOW,
        series: Columns = BOARDS,
        *,
        blocks: Sequence[Block] = (),
        silence: NoReply | None = None,
        specs: Specs | None = None,
        appliance: Appliance | None = None,
        events: Sequence[RigEvent] = (),
    ) -> MachineReport:
        """What is told of one machine: that it is silent, its last reading, or (no time) blocks alone."""
        newest = None if silence is not None or at is None else block([at], series)
        return MachineReport(
            self.machines[number],
            tuple(blocks),
            newest,
            specs=specs,
            mining=MINED if newest else (),
            events=tuple(events),
            batch=batch_of(number),
            silence=silence,
            appliance=appliance,
        )

    def told(self, *parts: MachineReport, edge: EdgeState | None = None, goodbye: bool = False) -> Report:
        """The next report."""
        self.sequence += 1
        now = self.world.clock.now
        return Report(self.epoch, self.sequence, now, 60, parts, goodbye, edge=edge)

    def tell(self, report: Report) -> ReportReply:
        """Through the door that agents come by."""
        ports = self.world.ports
        return accept_report(ports, authorise_agent(ports, f"Bearer {self.token}"), report)

    def latest(self, batch: int = 0) -> Mapping[str, Latest]:
        """The batch as it is stored, {} where there is none."""
        item = self.world.store.items.get(keys.latest_batch(self.farm, self.agent, batch))
        return item.read(LatestBatch).latest() if item else {}


def shed(world: World, farm: str, *numbers: int, name: str = "shed") -> Shed:
    """An edge that reads devices with these numbers."""
    made = create_agent(world.ports, farm, name, AgentKind.ASIC)
    edge = Shed(world, farm, made.agent.agent, made.token)
    for number in numbers:
        edge.seat(number)
    return edge


def hand_over(machine: str, number: int, before: Shed, after: Shed) -> None:
    """Another edge reads the machine from now on, at this number of both."""
    before.seat(number, machine, reads=False)
    after.seat(number, machine)


def silent_for(rounds: int, since: float = NOW - 60, reason: str = "refuses connections") -> NoReply:
    """No answer in so many rounds."""
    return replace(REFUSES, rounds=rounds, since=since, reason=reason)
