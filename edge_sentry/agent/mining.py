"""The mining part of the agent: looks after the programs, reads them, tells of them and obeys.

It has threads of its own. What the agent asks of it comes from what was last found, so that neither a
program nor a disk that hangs ever delays a sample or a report.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from edge_sentry.agent.doorkeeper import Doorkeeper
from edge_sentry.agent.exposure import Exposure
from edge_sentry.agent.figures import program_of, rows_of, values_of
from edge_sentry.agent.orders import OrderBook
from edge_sentry.agent.program_reader import ProgramReader
from edge_sentry.agent.readers import Readers, Target
from edge_sentry.agent.rig import card_notes, rig_facts
from edge_sentry.agent.shares import ShareBook
from edge_sentry.agent.sights import sights_of, targets_of
from edge_sentry.agent.watching import executable_behind, watched_of
from edge_sentry.miners.listener import Listener, listener_on
from edge_sentry.miners.table import MINERS
from edge_sentry.playbooks.ports import Assigned
from edge_sentry.reading import Reading
from edge_sentry.supervisor.events import Event, Note
from edge_sentry.supervisor.facts import MinerFacts, Readings, RigFacts
from edge_sentry.supervisor.places import mining_folder
from edge_sentry.supervisor.playbook import Playbook, Watched
from edge_sentry.supervisor.supervisor import Supervisor
from edge_sentry.supervisor.view import PlaybookView
from wire.messages import EventLevel, LogLines, Mining, Program, ReportReply, RigEvent, WatchedProgram
from wire.uplink.clock import Moment

MISHAP_PAUSE_S = 10.0
# A look that takes longer is a trouble that people should know of.
LATE_S = 60.0
_MOST_LOGGED = 100
_LONGEST_SUBJECT = 64

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Findings:
    """What a sample says of mining: figures by series name, what is mined, where the programs stand."""

    values: Mapping[str, float] = field(default_factory=dict)
    mining: tuple[Mining, ...] = ()
    programs: tuple[Program, ...] = ()
    trouble: str | None = None


class _Standing(NamedTuple):
    """What the supervisor knew when it last looked, at `looked_at` of the steady clock."""

    looked_at: float
    views: tuple[PlaybookView, ...] = ()
    watched: tuple[Watched, ...] = ()
    told: tuple[Event, ...] = ()
    events: tuple[RigEvent, ...] = ()
    unsaved: str | None = None


class MiningPart:
    """The port `Readings` of its supervisor, and `Work` of the keeper."""

    def __init__(
        self,
        folder: Path,
        machine: str,
        supervise: Callable[[Readings], Supervisor],
        *,
        now: Callable[[], Moment],
        listener: Callable[[int], Listener | None] = listener_on,
    ) -> None:
        """Raises OSError when nothing can be kept in the data folder."""
        self._now = now
        self._rig: RigFacts | None = None
        self._cards: dict[str, str] = {}
        self._standing = _Standing(self._steady())
        self._said: tuple[WatchedProgram, ...] | None = None
        self._listener = listener
        self._exposure = Exposure()
        self._looked_at: set[Target] = set()
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._orders = OrderBook(mining_folder(folder), machine)
        self._shares = ShareBook(mining_folder(folder), self._steady())
        self._supervisor = supervise(self)
        self._reader = ProgramReader(Doorkeeper(self._supervisor.pids, listener), self._supervisor, self._now)
        self._readers = Readers(self._read, self._steady)
        self._mishaps = 0
        self._pause_s: float | None = None

    @property
    def mishaps(self) -> int:
        """Errors of our own."""
        return self._mishaps + self._readers.mishaps + self._supervisor.mishaps

    def start(self) -> None:
        """Works in a thread that rests while there is nothing to look after."""
        threading.Thread(target=self._keep_looking, name="mining", daemon=True).start()

    def work(self) -> float | None:
        """Does what was asked for and looks; the seconds until it should again, None: when asked."""
        with suppress(queue.Empty):
            while True:
                self._guarded(self._inbox.get_nowait())
        before = self._mishaps
        self._guarded(self._look)
        return MISHAP_PAUSE_S if self._mishaps > before else self._pause_s

    def learn(self, at: Moment, reading: Reading) -> None:
        """Takes what the newest sample says of the rig and its cards."""
        self._cards = {each.address: each.device for each in reading.cards if each.address}
        self._rig = rig_facts(at.steady, reading)
        notes = card_notes(reading)
        has_cards = self._rig.gpus or self._rig.lost or self._rig.hung_readings
        if notes or (has_cards and not self._supervisor.busy):
            self._inbox.put(partial(self._supervisor.tell, "", notes))

    def findings(self) -> Findings:
        """What is known of the programs now."""
        standing, now = self._standing, self._steady()
        sights = sights_of(standing.views, standing.watched, self._reader.seen, MINERS, now)
        found = Findings(
            values_of(sights, self._cards, self._add_shares),
            rows_of(sights),
            tuple(map(program_of, sights)),
            self._trouble(now),
        )
        self._shares.save(now)
        return found

    def miner(self, playbook: str) -> MinerFacts | None:
        return self._reader.facts(playbook)

    def rig(self) -> RigFacts | None:
        return self._rig

    @property
    def assigned(self) -> Assigned:
        """What is to run, as it lies on the disk."""
        return Assigned(self._supervisor.revision, self._supervisor.playbooks)

    def views(self) -> tuple[PlaybookView, ...]:
        """Where each program stood at the last look."""
        return self._standing.views

    def assign(self, revision: int, playbooks: tuple[Playbook, ...]) -> None:
        """These alone from now on. Raises OSError and ValueError; may wait for a disk or a process."""
        self._supervisor.run_only(revision, playbooks)
        self._inbox.put(_nothing)  # wakes who rests

    def tell(self, playbook: str, note: Note) -> None:
        """An event that somebody else decided on; "" is the rig."""
        self._inbox.put(partial(self._supervisor.tell, playbook, (note,)))

    def events(self) -> tuple[RigEvent, ...]:
        return self._standing.events

    def acknowledge(self, last: int) -> None:
        self._inbox.put(partial(self._supervisor.acknowledge, last))

    def orders_done(self) -> int:
        return self._orders.done

    def log(self) -> LogLines | None:
        return self._orders.log

    def log_told(self, log: LogLines) -> None:
        self._inbox.put(partial(self._orders.log_told, log))

    def take(self, reply: ReportReply) -> None:
        if self._orders.news_in(reply.orders):
            self._inbox.put(partial(self._orders.carry_out, reply.orders, self._supervisor))
        if reply.watched is not None and reply.watched != self._said:
            self._said = reply.watched
            self._inbox.put(partial(self._watch, reply.watched))

    def _keep_looking(self) -> None:
        while True:
            pause_s = self.work()
            with suppress(queue.Empty):
                self._guarded(self._inbox.get(timeout=pause_s))

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:
            # Nothing that was not foreseen may leave the programs without somebody who looks after them.
            self._mishaps += 1
            if self._mishaps <= _MOST_LOGGED:
                log.exception("Mishap %d with mining; going on", self._mishaps)

    def _look(self) -> None:
        supervisor = self._supervisor
        pause_s = supervisor.look()
        self._pause_s = pause_s if supervisor.busy else None
        views, told = supervisor.views(), supervisor.events()
        events = self._standing.events
        if told is not self._standing.told:
            events = tuple(map(rig_event, told))
        self._standing = _Standing(
            self._steady(), views, supervisor.watched, told, events, supervisor.unsaved
        )
        targets = targets_of(supervisor.running(), views, supervisor.watched, MINERS)
        self._looked_at.intersection_update(targets)
        self._reader.keep_only(set(targets))
        self._readers.want(targets)

    def _watch(self, wanted: tuple[WatchedProgram, ...]) -> None:
        supervisor = self._supervisor
        watched = watched_of(wanted, supervisor.watched, (each.id for each in supervisor.views()))
        if watched != supervisor.watched:
            supervisor.watch(watched)

    def _read(self, target: Target) -> None:
        self._reader.read(target)
        seen = self._reader.seen.get(target.id)
        if target in self._looked_at or seen is None or seen.newest.trouble is not None:
            return
        self._looked_at.add(target)
        listener = None if target.port is None else self._listener(target.port)
        if listener is not None:
            self._learn_of(target, listener)

    def _learn_of(self, target: Target, listener: Listener) -> None:
        """Once of each run, since it takes a look through all processes."""
        note = self._exposure.note(target, listener)
        if note is not None:
            self._inbox.put(partial(self._supervisor.tell, target.id, (note,)))
        if not target.managed and (name := executable_behind(listener)):
            self._inbox.put(partial(self._note_executable, target.id, name))

    def _note_executable(self, watched: str, name: str) -> None:
        """From now on a program of this name is in the way of playbooks, after any restart too."""
        before = self._supervisor.watched
        after = tuple(replace(each, executable=name) if each.id == watched else each for each in before)
        if after != before:
            self._supervisor.watch(after)

    def _add_shares(self, program: str, series: str, told: int, ours: bool) -> int:
        return self._shares.add(program, series, told, from_zero=ours)

    def _trouble(self, now: float) -> str | None:
        """Somebody should know when a disk or a process hangs so that nobody looks after the programs."""
        late_s = now - self._standing.looked_at
        if not self._supervisor.busy:
            return None
        if late_s < LATE_S:
            return self._standing.unsaved
        return f"nobody has looked after the programs for {late_s:.0f} s"

    def _steady(self) -> float:
        return self._now().steady


def rig_event(event: Event) -> RigEvent:
    """As the wire has it."""
    return RigEvent(
        id=event.id,
        at=max(event.at, 0.0),
        kind=event.kind.value,
        reason=event.reason,
        level=EventLevel(event.level.value),
        program=event.playbook,
        subject=event.subject[:_LONGEST_SUBJECT],
        over=event.over,
    )


def _nothing() -> None:
    """Looking is all that is wanted."""
