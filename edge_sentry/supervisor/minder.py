"""Minds one playbook: looks, lets its course decide, and does what was decided."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from edge_sentry.supervisor import run_folders
from edge_sentry.supervisor.course import Course, Phase, Seen, Step, refused, start_failed, started, step
from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.events import Kind, Level, Note
from edge_sentry.supervisor.facts import Readings, RigFacts
from edge_sentry.supervisor.heat import Limits
from edge_sentry.supervisor.miner_log import MinerLog
from edge_sentry.supervisor.places import LAUNCHER, MAIN
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.processes import Ending, Neighbours, Processes, Running
from edge_sentry.supervisor.records import load_playbook, load_tally, save_playbook, save_tally
from edge_sentry.supervisor.scripts import explained
from edge_sentry.supervisor.view import PlaybookView, view_of
from edge_sentry.supervisor.wishes import Wish

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ports:
    """What stands between the supervisor and the system."""

    processes: Processes
    neighbours: Neighbours
    readings: Readings


@dataclass(frozen=True)
class Round:
    """What is the same for all playbooks of one look.

    `may_start`: none is being ended to make room. `executables`: programs that would be in the way, and
    `watched_ports` where they listen whose executable is not known; `ours` gives the pids of all runs;
    `settle` is called before a start, which fulfils a wish for one.
    """

    now: float
    rig: RigFacts | None
    limits: Limits
    defaults: Defaults
    may_start: bool
    executables: tuple[str, ...]
    watched_ports: tuple[int, ...]
    ours: Callable[[], frozenset[int]]
    settle: Callable[[str], None]


class Minder:
    """One playbook and its folder; `playbook` None lets its run end, unless it is to be left alone."""

    def __init__(self, folder: Path, playbook: Playbook | None, ports: Ports, now: float) -> None:
        self.folder, self.name = folder, folder.name
        self.playbook = playbook
        self._ports = ports
        self._runs = load_playbook(folder)
        self._running: Running | None = None
        tally = load_tally(folder, ports.processes.boot(), now)
        self.course = Course(tally=tally)
        self._tally_saved = tally
        self.miner_log = MinerLog(folder, self._secrets())
        self._troubles: set[str] = set()
        self._ended = self._blocked = False
        self._trouble = ""
        self.left_alone = False

    def assign(self, playbook: Playbook | None) -> None:
        """From the next look on. Another version does not wait for what the one before it did."""
        before, self.playbook = self.playbook, playbook
        if before is not None and playbook is not None and before.version != playbook.version:
            self.course = replace(self.course, not_before=-math.inf)
        self.miner_log.hide(self._secrets())

    @property
    def over(self) -> bool:
        """No longer assigned and nothing left of it."""
        return self.playbook is None and self.course.phase is Phase.IDLE and not self.left_alone

    @property
    def leaving(self) -> bool:
        """Whether others wait for its end: its devices may be meant for them."""
        ends = self.course.phase in (Phase.STOPPING, Phase.UNKNOWN) and not self.course.unkillable
        return self.playbook is None and ends and not self.left_alone

    def look(self, wish: Wish, this: Round) -> tuple[Note, ...]:
        """One round; gives what is to be told."""
        run_folders.make(self.folder)
        seen = self._seen(wish, this)
        done = step(self.course, seen)
        self.course = done.course
        self._ended = self._ended or (seen.ending is not None and done.course.phase is Phase.IDLE)
        notes = done.notes
        if done.force is not None:
            self._ports.processes.signal(self.folder, done.force)
        if done.start and this.may_start and self.playbook is not None:
            notes = (*notes, *self._start(self.playbook, wish, this))
        self._keep_log(notes)
        self._save_tally(this.now)
        return (*self._recovered(), *notes)

    def failed(self, error: Exception) -> tuple[Note, ...]:
        """The look raised an error: it is the reason until one does not; told when it is another one."""
        reason = _in_words(error)
        told = reason == self._trouble
        self._trouble = reason
        return () if told else (Note(Kind.NOT_MINDED, reason, Level.ALERT),)

    def _recovered(self) -> tuple[Note, ...]:
        was, self._trouble = self._trouble, ""
        return (Note(Kind.NOT_MINDED, "it can be looked after again", over=True),) if was else ()

    def was_running(self) -> bool:
        """Whether it runs, or ran when the rig went down: nobody noted an end of what is written there."""
        try:
            running = self._ports.processes.running(self.folder)
        except OSError:
            return True
        return running is not None or any(os.path.lexists(self.folder / name) for name in (LAUNCHER, MAIN))

    def noted(self) -> None:
        """What `look` gave is on disk: the end of a run need not be found again."""
        if self._ended and self.course.phase is Phase.IDLE:
            self._ports.processes.forget(self.folder)
        self._ended = False

    def view(self, wish: Wish) -> PlaybookView:
        """Where it stands."""
        view = view_of(self.name, self.playbook, self.course, wish, self._running, self._runs)
        return replace(view, reason=self._trouble) if self._trouble else view

    @property
    def runs(self) -> Playbook | None:
        """What runs by the last look; None while nothing does."""
        return self._runs if self.course.phase is Phase.RUNNING else None

    def _seen(self, wish: Wish, this: Round) -> Seen:
        processes, folder = self._ports.processes, self.folder
        self._running = running = processes.running(folder)
        over = running is None and (self.course.phase is not Phase.IDLE or self._blocked)
        self._blocked = False
        return Seen(
            now=this.now,
            playbook=self.playbook,
            wish=wish,
            running=running,
            version=None if self._runs is None else self._runs.version,
            left=over and bool(processes.members(folder)),
            ending=self._ending() if over else None,
            miner=self._ports.readings.miner(self.name),
            rig=this.rig,
            limits=this.limits,
            defaults=this.defaults,
            left_alone=self.left_alone,
        )

    def _ending(self) -> Ending | None:
        ending = self._ports.processes.ending(self.folder)
        return ending if ending is None or self._runs is None else explained(ending, self._runs)

    def _start(self, playbook: Playbook, wish: Wish, this: Round) -> tuple[Note, ...]:
        executables: Iterable[str] = (playbook.executable, *this.executables)
        ports: Iterable[int] = this.watched_ports
        if wish.take_over:
            executables, ports = (), ()
        obstacle = self._ports.neighbours.in_the_way(playbook, executables, this.ours(), ports)
        if obstacle is not None:
            return self._after(refused(self.course, obstacle, this.now, this.defaults))
        this.settle(self.name)
        try:
            save_playbook(self.folder, playbook)
            self._runs = playbook
            self._ports.processes.start(self.folder, playbook)
        except (OSError, ValueError) as error:
            # Something of an earlier run holds its lock: the next look searches for it.
            self._blocked = isinstance(error, BlockingIOError)
            reason = f"cannot be started: {_in_words(error)}"
            return self._after(start_failed(self.course, reason, this.now, this.defaults))
        return self._after(started(self.course, playbook, this.now))

    def _after(self, done: Step) -> tuple[Note, ...]:
        self.course = done.course
        return done.notes

    def _secrets(self) -> tuple[str, ...]:
        """Of what runs and of what will, so that neither shows during a change."""
        known = [playbook.hidden for playbook in (self._runs, self.playbook) if playbook is not None]
        return tuple(secret for secrets in known for secret in secrets)

    def _keep_log(self, notes: tuple[Note, ...]) -> None:
        try:
            self.miner_log.follow()
            for note in notes:
                self.miner_log.mark(f"{note.kind}: {note.reason}")
        except OSError as error:
            self._tell_once(f"Cannot keep the log of {self.name}: {_in_words(error)}")

    def _save_tally(self, now: float) -> None:
        if self.course.tally == self._tally_saved:
            return
        try:
            save_tally(self.folder, self._ports.processes.boot(), now, self.course.tally)
            self._tally_saved = self.course.tally
        except OSError as error:
            self._tell_once(f"Cannot keep the restarts of {self.name}: {error.strerror}")

    def _tell_once(self, trouble: str) -> None:
        if trouble not in self._troubles:
            self._troubles.add(trouble)
            log.warning(trouble)


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error) or type(error).__name__
