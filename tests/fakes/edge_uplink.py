"""A commander for an ASIC edge that a test scripts, without a network, and an edge's courier on it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from asic_edge.agent.backlog import MOST_BYTES, Backlog
from asic_edge.agent.backlog_tables import OF_AN_EDGE, Sample
from asic_edge.agent.courier import Courier, Delivered, Keeping, Picture
from asic_edge.agent.dating import Dating
from asic_edge.agent.origin import Origin
from asic_edge.agent.registry import Registry
from asic_edge.agent.sequence import Sequence
from asic_edge.agent.telling import Newest
from asic_edge.roster.entries import Entry
from asic_edge.snapshot import Depth, Identity, Snapshot
from wire.codec import MAX_INFLATED_BYTES, MAX_SENT_BYTES, check_report, encode, encode_report
from wire.edge import EdgeState, GivenErrand, NoReply, Refusal, RosterReply, RosterTelling, Seat
from wire.messages import Block, MachineReport, Report, ReportReply
from wire.uplink.backoff import Backoff
from wire.uplink.blocks import to_ms
from wire.uplink.clock import Moment
from wire.uplink.failure import FailureKind, UplinkFailure
from wire.uplink.spool import Spool

FUTURE_MAX_S = 60.0


@dataclass
class Clocks:
    """`wall` is `off_s` ahead of the true time, which runs with `steady`."""

    steady: float = 1_000.0
    true_at: float = 1_800_000_000.0
    off_s: float = 0.0

    def now(self) -> Moment:
        """As the computer of the edge has it."""
        return Moment(self.true_at + self.off_s, self.steady)

    def server_at(self) -> float:
        """As the commander has it."""
        return self.true_at

    def advance(self, seconds: float) -> None:
        """Time goes by."""
        self.steady += seconds
        self.true_at += seconds


@dataclass
class EdgeUplink:
    """Keeps what it accepts as a commander does. `scripted` failures go first, once each.

    `deaf` keeps a report and fails nevertheless, as when the answer is lost on its way. `elsewhere`: numbers
    that another edge reads, `refused` with a reason, `unknown` machines that it knows nothing of.
    """

    clocks: Clocks
    report_interval_s: float = 60.0
    scripted: deque[UplinkFailure | None] = field(default_factory=deque)
    deaf: bool = False
    down: UplinkFailure | None = None
    elsewhere: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    reports: list[Report] = field(default_factory=list)
    tellings: list[RosterTelling] = field(default_factory=list)
    blocks: dict[tuple[str, float], Block] = field(default_factory=dict)
    numbers: list[tuple[int, int]] = field(default_factory=list)
    enrolled: int = 1
    future_max_s: float = FUTURE_MAX_S
    errands: tuple[GivenErrand, ...] = ()

    def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
        """Checks the report as a commander does; raises UplinkFailure."""
        self._fail()
        self._check(report)
        self.numbers.append((report.epoch, report.sequence))
        self.reports.append(report)
        for part in report.machines:
            for block in part.blocks:
                self.blocks.setdefault((part.machine, block.at[0]), block)
        if self.deaf:
            raise unreachable()
        done = report.edge.errands_done if report.edge else 0
        errands = tuple(each for each in self.errands if each.number > done)
        interval_s = self.report_interval_s
        at = self.clocks.server_at()
        return ReportReply(report.epoch, report.sequence, at, 10.0, interval_s, errands=errands)

    def tell_roster(self, telling: RosterTelling) -> RosterReply:
        """Each device has the machine "m" and its number."""
        self._fail()
        if telling.epoch < self.enrolled:
            raise refusal(kind=FailureKind.OTHER_MACHINE)
        assert len(encode(telling)) <= MAX_SENT_BYTES
        self.tellings.append(telling)
        entries = [entry for batch in telling.batches for entry in batch.entries]
        seats = (
            Seat(each.number, f"m{each.number}", each.number not in self.elsewhere)
            for each in entries
            if each.number not in self.refused
        )
        numbers = {each.number for each in entries}
        refused = (Refusal(number, why) for number, why in self.refused.items() if number in numbers)
        return RosterReply(self.clocks.server_at(), tuple(seats), tuple(refused))

    def enrol(self) -> int:
        """A new epoch."""
        self._fail()
        self.enrolled += 1
        return self.enrolled

    def forget(self) -> None:
        """What was told; a long run would fill the memory with it."""
        self.reports.clear()
        self.blocks.clear()
        del self.numbers[:-1]

    def values(self, name: str) -> list[float]:
        """Of one series, all that is kept of all machines."""
        return [
            value
            for block in self.blocks.values()
            for series in block.series
            if series.name == name
            for value in series.values
            if value is not None
        ]

    def _fail(self) -> None:
        failure = self.scripted.popleft() if self.scripted else self.down
        if failure is not None:
            raise failure

    def _check(self, report: Report) -> None:
        check_report(report)
        assert len(encode(report)) <= MAX_INFLATED_BYTES
        assert len(encode_report(report)) <= MAX_SENT_BYTES
        assert (report.epoch, report.sequence) > max(self.numbers, default=(0, -1))
        for index, part in enumerate(report.machines):
            assert part.batch is not None
            if part.machine in self.unknown:
                raise refusal(f"machines[{index}].machine")
            newest = max((each.at[-1] for each in (*part.blocks, *filter(None, [part.open]))), default=0.0)
            if newest > self.clocks.server_at() + self.future_max_s:
                raise UplinkFailure(
                    FailureKind.CLOCK_AHEAD, "It lies in the future.", server_at=self.clocks.server_at()
                )


def unreachable() -> UplinkFailure:
    """Nobody knows whether it arrived."""
    return UplinkFailure(FailureKind.UNREACHABLE, "Cannot reach it: no answer in time.")


def refusal(path: str = "", kind: FailureKind = FailureKind.REFUSED) -> UplinkFailure:
    """Nothing was kept, because of what stands at `path`."""
    return UplinkFailure(kind, f"The commander refused it: {path}", field=path)


def entry_of(number: int, **told: object) -> Entry:
    """A device with an address and a reader."""
    known: dict[str, object] = {
        "number": number,
        "name": f"rack-{number}",
        "address": f"10.0.{number // 250}.{number % 250 + 1}",
        "reader": "library",
        "make": "Antminer",
        "model": "S19 Pro",
        "added_at": 1.0,
    }
    return Entry(**{**known, **told})  # type: ignore[arg-type]


def snapshot_of(address: str, *, depth: Depth = Depth.LIGHT, power_w: float = 3000.0) -> Snapshot:
    """It mines. Its MAC is made of its address."""
    mac = ":".join(["02", "00", *(f"{int(each):02X}" for each in address.split("."))])
    identity = Identity(address, "Antminer", "S19 Pro", mac=mac)
    return Snapshot(identity, 0.0, depth, algorithm="sha256", hashrate=1.1e14, power_w=power_w)


class Bench:
    """A courier with all that it keeps, in a folder, by the clocks of a test."""

    def __init__(
        self,
        folder: Path,
        clocks: Clocks,
        uplink: EdgeUplink,
        *,
        most_bytes: int = MOST_BYTES,
        enrolled_in: int | None = None,
    ) -> None:
        self.clocks, self.uplink = clocks, uplink
        self.backlog = Backlog(Spool(folder, steady=lambda: clocks.steady, tables=OF_AN_EDGE), most_bytes)
        self.backlog.resume()
        self.dating = Dating(clocks.now(), (self.backlog.clock_offset_ms or 0) / 1000)
        self.registry = Registry(folder)
        sequence = Sequence(folder)
        self.origin = Origin(sequence, self.backlog, enrolled_in or uplink.enrolled, uplink.enrol)
        keeping = Keeping(self.origin, self.backlog, self.registry, self.dating)
        self.courier = Courier(
            uplink,
            keeping,
            now=clocks.now,
            backoff=Backoff(Random(1)),
            agent_version="0",
            round_s=60.0,
        )
        self.entries: dict[int, Entry] = {}
        self.states: dict[int, Newest] = {}

    def roster(self, *numbers: int) -> None:
        """These devices, and no others."""
        self.entries = {number: entry_of(number) for number in numbers}
        self.states = {number: state for number, state in self.states.items() if number in numbers}
        self.registry.take_roster(self.entries.values())

    def round(self, told: dict[int, float | None]) -> None:
        """Devices that were read, with their power; None: no answer."""
        now = self.clocks.now()
        at = self.dating.corrected(now)
        for number, power_w in told.items():
            entry = self.entries[number]
            silence = NoReply("timed out", max(at, 0.0), 1) if power_w is None else None
            values = None if power_w is None else {"power_w": power_w}
            last = None if power_w is None else snapshot_of(entry.address or "", power_w=power_w)
            machine = f"m{number}"
            self.states[number] = Newest(number, machine, entry, at, values, last, None, 0.0, silence)
        with self.dating.lock:
            jump_s = self.dating.wall_jumped(now)
            if jump_s:
                self.backlog.shift(to_ms(jump_s), undated=True)
            at_ms = to_ms(self.dating.corrected(now))
            samples = [Sample(number, at_ms, {"power_w": w}) for number, w in told.items() if w is not None]
            self.backlog.keep(samples, at_ms, undated=not self.dating.known)
        self.courier.round_ended()

    def picture(self) -> Picture:
        """All that is known."""
        seats = self.registry.seats
        states = tuple(
            state
            for number, state in sorted(self.states.items())
            if (seat := seats.get(number)) is not None and seat.reads
        )
        return Picture(states, EdgeState(len(self.entries), len(states), 0, 0, 60.0))

    def deliver(self) -> Delivered:
        """One attempt with what is wanted of it."""
        picture, wants = self.picture(), self.courier.wants()
        states = picture.states if wants.states else None
        return self.courier.deliver(Picture(states, picture.edge if wants.edge else None))

    def settle(self, limit: int = 300) -> None:
        """Attempts until nothing is left to be sent, time going by as it is asked for."""
        for _ in range(limit):
            wait_s = self.deliver().wait_s
            if wait_s > 5.0 and self.uplink.down is None and not self.uplink.scripted:
                return
            self.clocks.advance(wait_s)
        raise AssertionError("there is no end to it")

    def close(self) -> None:
        """As a kill does it: nothing more is written."""
        self.backlog.spool.close()


def newest(uplink: EdgeUplink) -> dict[str, MachineReport]:
    """The newest state of each machine that the commander has."""
    return {
        part.machine: part
        for report in uplink.reports
        for part in report.machines
        if part.open is not None or part.silence is not None
    }
