"""An agent's life as decision 0008 tells it, and what the commander makes of it in any order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from cloud.domain.keys import Key
from cloud.domain.records import Arrival, Rollup
from cloud.ports import Item, StoreUnavailable
from cloud.usecases.store_report import close_open_block, store_report
from tests.fakes.reports import block
from tests.fakes.world import Sentry, World
from wire.messages import Block, MachineReport, Report, Specs

SERIES = (
    "cpu_load_pct",
    "cpu_temperature_c",
    "disk_used_pct",
    "network_received_bytes",
    "gpu_temperature_c@gpu-1",
    "gpu_temperature_c@gpu-2",
    "accepted_shares@kawpow",
)
Row = tuple[float, float, float, float, float, float, float]
SAMPLE_S, SAMPLES_PER_REPORT, SAMPLES_PER_BLOCK = 10.0, 6, 30
HOUR = 500_000 * 3600
"""Where a day's hour begins: 08:00."""


class Fate(Enum):
    """What becomes of a report, or of the agent before it."""

    ANSWERED = auto()
    ANSWER_LOST = auto()
    NEVER_SENT = auto()
    SILENCE = auto()
    ENROLLED_ANEW = auto()
    ENROLLED_AFTER_SILENCE = auto()


@dataclass(frozen=True)
class Enrolled:
    """The agent begins a new epoch."""

    epoch: int
    at: float


Event = Arrival | Enrolled
Ledger = dict[tuple[float, str], float]
"""Time and series' name to value, of all that ever arrived."""


@dataclass(repr=False)
class Rig:
    """An honest agent; `events` are what the commander sees of it, in the order of time."""

    sentry: Sentry
    now: float
    silence_s: float = 5400
    remembers: bool = False
    events: list[Event] = field(default_factory=list)
    ledger: Ledger = field(default_factory=dict)
    epoch: int = 1
    sequence: int = 0
    count: int = 0
    open: dict[float, Row] = field(default_factory=dict)
    pending: list[Block] = field(default_factory=list)
    before: float | None = None

    def live(self, fates: Iterable[Fate]) -> None:
        """A minute for each, and a pause before some."""
        for fate in fates:
            if fate in {Fate.SILENCE, Fate.ENROLLED_AFTER_SILENCE}:
                self.now += self.silence_s
            if fate in {Fate.ENROLLED_ANEW, Fate.ENROLLED_AFTER_SILENCE}:
                self.enrol()
            for _ in range(SAMPLES_PER_REPORT):
                self.sample()
            self.report(fate)

    def sample(self) -> None:
        self.now += SAMPLE_S
        self.count += 1
        counter = float(1000 * self.count % 250_000)
        self.open[self.now] = (
            self.count * 7 % 1000 / 10,
            (self.count * 13 % 700 - 100) / 10,
            self.count % 999 / 10,
            counter,
            self.count * 17 % 900 / 10,
            self.count * 3 % 2000 / 10,
            float(self.count % 300),
        )
        if len(self.open) == SAMPLES_PER_BLOCK:
            self.close()

    def close(self) -> None:
        """The block under way is closed; the next sample begins another."""
        if self.open:
            self.pending.append(_block(self.open))
            self.open = {}

    def enrol(self) -> None:
        """The process ends and another begins, which knows nothing of the old one's block."""
        self.now += 3
        self.epoch, self.sequence, self.open, self.pending = self.epoch + 1, 0, {}, []
        if not self.remembers:
            self.before = None
        self.events.append(Enrolled(self.epoch, self.now))

    def report(self, fate: Fate) -> None:
        """Tells everything that is not acknowledged yet."""
        self.sequence += 1
        under_way = _block(self.open) if self.open else None
        specs = Specs(cpu_cores=self.sequence) if self.sequence % 5 == 1 else None
        machine = MachineReport(self.sentry.machine, tuple(self.pending), under_way, self.before, specs=specs)
        if fate is Fate.NEVER_SENT:
            return
        report = Report(self.epoch, self.sequence, self.now, 60, (machine,))
        self.events.append(Arrival(self.sentry.farm, self.now + 0.25, watched=False, report=report))
        for part in [*self.pending, *([under_way] if under_way else [])]:
            self.ledger |= _figures(part)
        if fate is not Fate.ANSWER_LOST:
            self.before = self.pending[-1].at[-1] if self.pending else self.before
            self.pending = []

    def end(self) -> None:
        """A last closed block, so much later that every hour and day before is over."""
        self.close()
        self.now += 86_400
        for _ in range(3):
            self.sample()
        self.close()
        self.sample()
        self.report(Fate.ANSWERED)


def _block(rows: dict[float, Row]) -> Block:
    """What follows the fourth is read of every second block only: a card that comes and goes."""
    names = SERIES if min(rows) // 600 % 2 else SERIES[:4]
    return block(list(rows), {name: [row[n] for row in rows.values()] for n, name in enumerate(names)})


def _figures(part: Block) -> Ledger:
    return {
        (at, series.name): value
        for series in part.series
        for at, value in zip(part.at, series.values, strict=True)
        if value is not None
    }


def a_world() -> tuple[World, Sentry]:
    """Always the same ids."""
    world = World()
    return world, world.sentry(world.farm())


def deliver(world: World, sentry: Sentry, events: Sequence[Event], deaths: Sequence[int] = ()) -> None:
    """Stores events one after another; the n-th may die at its deaths[n]-th call of the store.

    What died is delivered again after everything else, once and whole; an enrolment is tried again at once.
    """
    again: list[Event] = []
    for number, event in enumerate(events):
        death = deaths[number] if number < len(deaths) else 0
        world.store.failures = [*[None] * (death - 1), StoreUnavailable("busy")] if death else []
        try:
            _store(world, sentry, event)
        except StoreUnavailable:
            if isinstance(event, Arrival):
                again.append(event)
            else:
                _store(world, sentry, event)
        world.store.failures = []
    for event in again:
        _store(world, sentry, event)


def _store(world: World, sentry: Sentry, event: Event) -> None:
    if isinstance(event, Arrival):
        store_report(world.ports, event)
    else:
        close_open_block(world.ports, sentry.farm, sentry.machine, event.epoch)


def deliver_live(world: World, sentry: Sentry, events: Sequence[Event]) -> None:
    """Stores each event at its own time."""
    for event in events:
        world.clock.now = event.received_at if isinstance(event, Arrival) else event.at
        _store(world, sentry, event)


def kept_but_lateness(world: World) -> dict[Key, object]:
    """As `kept`, without the marks of what came late.

    A block that the commander closed came in time, and its agent's own fuller one perhaps late: which of
    them an hour was folded of first depends on the order, if the fuller one has no more of that hour.
    """

    def row(item: Item) -> object:
        if item.kind != "rollup":
            return item.kind, item.revision, item.body, item.expires_at
        rollup = item.read(Rollup)
        return rollup.buckets, rollup.partial, item.expires_at

    return {key: row(item) for key, item in world.store.items.items()}


Kept = dict[Key, tuple[str, int, bytes, int | None]]


def kept(world: World, *kinds: str) -> Kept:
    """The store's items of these kinds, or all: key to all that matters."""

    def row(item: Item) -> tuple[str, int, bytes, int | None]:
        return item.kind, item.revision, item.body, item.expires_at

    return {key: row(item) for key, item in world.store.items.items() if not kinds or item.kind in kinds}
