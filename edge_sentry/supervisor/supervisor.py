"""Keeps a rig's assigned programs running as their owner wants it; the only door to this package."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from edge_sentry.settings.loading import Unreadable
from edge_sentry.supervisor import run_folders
from edge_sentry.supervisor.course import Phase
from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.events import Event, EventLog, Kind, Level, Note
from edge_sentry.supervisor.hardware import RigCourse, rig_step
from edge_sentry.supervisor.heat import limits_of
from edge_sentry.supervisor.minder import Minder, Ports, Round
from edge_sentry.supervisor.places import mining_folder, run_folder
from edge_sentry.supervisor.playbook import (
    Assignment,
    Playbook,
    Watched,
    read_assignment,
    save_assignment,
    set_aside,
)
from edge_sentry.supervisor.reboot import Machine
from edge_sentry.supervisor.view import PlaybookView
from edge_sentry.supervisor.wishes import Want, Wish, WishBook
from wire.uplink.clock import Moment

LOOK_EVERY_S = 1.0
# While something ends, so that it is noticed soon.
LOOK_SOON_S = 0.25

log = logging.getLogger(__name__)


class Supervisor:
    """Adopts what runs, starts what is assigned and should run, and ends only what it is told to end.

    `look` is to be called again after the seconds that it gives; every other call, from whatever
    thread, takes effect with the next one. It needs no farewell: programs outlive it.
    """

    def __init__(
        self,
        folder: Path,
        ports: Ports,
        machine: Machine,
        *,
        now: Callable[[], Moment],
        defaults: Defaults | None = None,
    ) -> None:
        """`folder` is the agent's data folder. Raises OSError when nothing can be kept there."""
        self._folder = mining_folder(folder)
        self._ports, self._machine, self._now = ports, machine, now
        self._defaults = defaults or Defaults()
        moment = now()
        self._looked_at = moment.steady
        self._events = EventLog(self._folder, moment.wall)
        self._wishes = WishBook(self._folder)
        self._rig = RigCourse()
        self._lock = threading.RLock()
        self._minders: dict[str, Minder] = {}
        self.mishaps = 0
        self._assignment = self._loaded()
        self._mind()
        self._keep_as_it_was()
        self._save()

    def assign(self, assignment: Assignment) -> None:
        """What is to run from now on, and at every boot. Raises OSError or ValueError, then all stays.

        What is unchanged (by id and version) goes on untouched.
        """
        with self._lock:
            save_assignment(self._folder, assignment)
            self._assignment = assignment
            self._wishes.keep_only({each.id for each in assignment.playbooks})
            self._mind()

    def run_only(self, revision: int, playbooks: tuple[Playbook, ...]) -> None:
        """These from now on, of all that is assigned; the rest of it stays. Raises as `assign` does."""
        with self._lock:
            self.assign(replace(self._assignment, revision=revision, playbooks=playbooks, left_alone=()))

    @property
    def revision(self) -> int:
        """Of the assignment."""
        return self._assignment.revision

    @property
    def playbooks(self) -> tuple[Playbook, ...]:
        """What is assigned."""
        return self._assignment.playbooks

    @property
    def watched(self) -> tuple[Watched, ...]:
        """Programs that are only read."""
        return self._assignment.watched

    def watch(self, watched: tuple[Watched, ...]) -> None:
        """From now on these are only read. Raises OSError, and ValueError for the id of a playbook."""
        with self._lock:
            assignment = replace(self._assignment, watched=watched)
            save_assignment(self._folder, assignment)
            self._assignment = assignment

    @property
    def busy(self) -> bool:
        """Whether there is anything that `look` has to look after."""
        return bool(self._minders)

    def running(self) -> tuple[Playbook, ...]:
        """What each program that runs was started from, as of the last look."""
        with self._lock:
            return tuple(runs for each in self._minders.values() if (runs := each.runs) is not None)

    def tell(self, playbook: str, notes: tuple[Note, ...]) -> None:
        """Events that somebody else decided on; "" is the rig. Kept on disk with the next look."""
        with self._lock:
            self._tell(playbook, notes)

    def start(self, playbook: str, *, take_over: bool = False) -> bool:
        """Lets it run, at once. False when there is no such playbook; so below.

        `take_over`: also beside a program that somebody else started, until it is stopped.
        """
        with self._lock:
            minder = self._minders.get(playbook)
            idle = minder is not None and minder.course.phase is not Phase.RUNNING
            return self._wish(playbook, Wish(afresh=idle, take_over=take_over), "wants it to run")

    def stop(self, playbook: str) -> bool:
        """Until it is started again."""
        return self._wish(playbook, Wish(Want.STOP), "wants it stopped")

    def pause(self, playbook: str, for_s: float | None = None) -> bool:
        """For so long, or until it is started again."""
        length = "" if for_s is None else f" for {for_s / 60:.0f} min"
        return self._wish(playbook, Wish(Want.PAUSE, for_s), f"wants it paused{length}")

    def restart(self, playbook: str) -> bool:
        """Ends it and starts it anew; a stopped or paused one runs again."""
        with self._lock:
            take_over = self._wishes.of(playbook).take_over
            return self._wish(playbook, Wish(afresh=True, take_over=take_over), "wants it restarted")

    def look(self) -> float:
        """One round; gives the seconds until the next."""
        with self._lock:
            moment = self._now()
            over = self._wishes.pass_time(moment.steady - self._looked_at, moment.steady)
            self._looked_at = moment.steady
            for playbook in over:
                self._tell(playbook, (Note(Kind.OWNER, "the pause is over"),))
            for minder in sorted(self._minders.values(), key=lambda each: each.playbook is not None):
                self._guarded(minder, moment)
            self._look_at_rig(moment)
            self._save()
            for minder in self._minders.values():
                minder.noted()
            self._drop_gone()
            moving = any(each.course.phase is Phase.STOPPING for each in self._minders.values())
            return LOOK_SOON_S if moving else LOOK_EVERY_S

    def views(self) -> tuple[PlaybookView, ...]:
        """Where each playbook stands, as of the last look."""
        with self._lock:
            return tuple(each.view(self._wishes.of(each.name)) for each in self._minders.values())

    def pids(self, playbook: str) -> frozenset[int]:
        """The processes of its run, the only ones whose answers may be believed."""
        with self._lock:
            minder = self._minders.get(playbook)
            return frozenset() if minder is None else self._pids(minder)

    def events(self) -> tuple[Event, ...]:
        """Those that nobody has acknowledged, oldest first."""
        with self._lock:
            return self._events.waiting()

    def acknowledge(self, last: int) -> None:
        """All events up to this id are safe elsewhere."""
        with self._lock:
            self._events.acknowledge(last)

    def last_lines(self, playbook: str, count: int) -> list[str]:
        """Of the program's log, redacted, oldest first; none when there is no such playbook."""
        with self._lock:
            minder = self._minders.get(playbook)
            return [] if minder is None else minder.miner_log.last_lines(count)

    def log_grown_bytes(self, playbook: str) -> int:
        """How much the program wrote since this agent looks after it."""
        with self._lock:
            minder = self._minders.get(playbook)
            return 0 if minder is None else minder.miner_log.grown_bytes

    @property
    def unsaved(self) -> str | None:
        """What a restart of the agent would forget, in words."""
        return "wishes not on disk" if self._wishes.unsaved else None

    def _loaded(self) -> Assignment:
        """What cannot be read is not what was taken away: nothing that runs is ended for it."""
        try:
            return read_assignment(self._folder) or run_folders.recovered(self._folder)
        except Unreadable as error:
            reason = f"{error}; what was started last goes on"
        with suppress(OSError):
            reason = f"{reason}; kept as {set_aside(self._folder)}"
        self._tell("", (Note(Kind.NOT_MINDED, reason, Level.ALERT),))
        return run_folders.recovered(self._folder)

    def _keep_as_it_was(self) -> None:
        """Where it cannot be read what the owner wants, what ran goes on, and what did not stays so."""
        for minder in self._minders.values():
            if self._wishes.lost(minder.name) and minder.playbook is not None:
                want = Want.RUN if minder.was_running() else Want.STOP
                self._wishes.put(minder.name, Wish(want))
                reason = f"what the owner wanted of it cannot be read; as before: {want}"
                self._tell(minder.name, (Note(Kind.OWNER, reason, Level.ALERT),))

    def _mind(self) -> None:
        """A minder for each playbook assigned, and for each that left a run behind."""
        assigned = {each.id: each for each in self._assignment.playbooks}
        alone = self._assignment.left_alone
        for name in (*assigned, *self._minders, *run_folders.ours(self._folder), *alone):
            if name in self._minders:
                self._minders[name].assign(assigned.get(name))
            else:
                folder = run_folder(self._folder, name)
                self._minders[name] = Minder(folder, assigned.get(name), self._ports, self._now().steady)
            self._minders[name].left_alone = name in alone

    def _wish(self, playbook: str, wish: Wish, words: str) -> bool:
        with self._lock:
            minder = self._minders.get(playbook)
            if minder is None:
                return False
            if minder.playbook is None and not (minder.left_alone and wish.want is Want.STOP):
                return False
            if wish.afresh or wish != self._wishes.of(playbook):
                self._wishes.put(playbook, wish)
                self._tell(playbook, (Note(Kind.OWNER, f"the owner {words}"),))
                self._save()
            return True

    def _guarded(self, minder: Minder, moment: Moment) -> None:
        try:
            notes = minder.look(self._wishes.of(minder.name), self._round(moment.steady))
        except Exception as error:
            # One playbook's trouble that nobody foresaw must not leave the others without a minder.
            self.mishaps += 1
            notes = minder.failed(error)
            if notes and self.mishaps <= 100:
                log.exception("Mishap %d with %s; going on", self.mishaps, minder.name)
        self._tell(minder.name, notes)

    def _round(self, steady: float) -> Round:
        return Round(
            now=steady,
            rig=self._ports.readings.rig(),
            limits=limits_of(self._assignment, self._defaults),
            defaults=self._defaults,
            may_start=not any(each.leaving for each in self._minders.values()),
            executables=tuple(each.executable for each in self._assignment.watched),
            watched_ports=tuple(
                each.api_port
                for each in self._assignment.watched
                if not each.executable and each.api_port is not None
            ),
            ours=lambda: frozenset().union(*map(self._pids, self._minders.values())),
            settle=self._settle,
        )

    def _settle(self, playbook: str) -> None:
        """Before the start, so that an agent killed in between does not do it twice."""
        wish = self._wishes.of(playbook)
        if wish.afresh:
            self._wishes.put(playbook, replace(wish, afresh=False))
            self._save()

    def _pids(self, minder: Minder) -> frozenset[int]:
        return frozenset(process.pid for process in self._ports.processes.members(minder.folder))

    def _look_at_rig(self, moment: Moment) -> None:
        done = rig_step(
            self._rig,
            self._ports.readings.rig(),
            tuple(each.name for each in self._minders.values() if each.course.unkillable),
            reboot_allowed=self._assignment.reboot_allowed,
            uptime_s=self._machine.uptime_s(),
            now=moment.steady,
            defaults=self._defaults,
        )
        self._rig = done.course
        self._tell("", done.notes)
        if done.reboot is not None:
            self._reboot()

    def _reboot(self) -> None:
        self._save()
        try:
            self._machine.reboot()
        except OSError as error:
            self._tell("", (Note(Kind.REBOOT, f"the system does not reboot: {error}", Level.CRITICAL),))

    def _tell(self, playbook: str, notes: tuple[Note, ...]) -> None:
        self._events.add(playbook, self._now().wall, notes)

    def _save(self) -> None:
        for each in (self._wishes, self._events):
            try:
                each.save()
            except OSError as error:
                self.mishaps += 1
                if self.mishaps <= 100:
                    log.warning("Cannot keep %s: %s", type(each).__name__, error.strerror)

    def _drop_gone(self) -> None:
        for name in [name for name, minder in self._minders.items() if minder.over]:
            with suppress(OSError):  # else the next agent tries again
                run_folders.drop(self._minders.pop(name).folder)
