"""Changes the pool of a playbook where the one that it mines for is away, and back; without the commander."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Final

from edge_sentry.playbooks.failover import AWAY_FOR_S, Course, Seen, is_watched, step
from edge_sentry.playbooks.lineup import Lineup
from edge_sentry.playbooks.ports import Work
from edge_sentry.playbooks.probe import Probe
from edge_sentry.playbooks.troubles import in_words
from edge_sentry.supervisor.events import Kind, Level, Note
from edge_sentry.supervisor.view import PlaybookView, State
from wire.assignments import AssignedPlaybook
from wire.uplink.clock import Moment

LOOK_EVERY_S: Final = 5.0
ASK_EVERY_S: Final = 60.0
# What a program or an attempt told longer ago says nothing of now.
_FRESH_S: Final = 90.0
_IDLE = (State.STOPPED, State.PAUSED)

log = logging.getLogger(__name__)


class PoolGuard:
    """Has a thread of its own: no download and no name that is looked up for long delays it."""

    def __init__(self, lineup: Lineup, work: Work, probe: Probe, *, now: Callable[[], Moment]) -> None:
        self._lineup, self._work, self._probe, self._now = lineup, work, probe, now
        self._courses: dict[str, tuple[int, Course]] = {}
        self._asked_at = -math.inf
        self.mishaps = 0

    def start(self) -> None:
        """Until the process ends."""
        threading.Thread(target=self._keep_looking, name="pools", daemon=True).start()

    def look(self) -> None:
        """One round."""
        guarded = [each for each in self._lineup.playbooks if len(each.scripts) > 1]
        names = {each.playbook for each in guarded}
        self._courses = {name: known for name, known in self._courses.items() if name in names}
        self._probe.keep_only({pool.address for each in guarded for pool in each.pools})
        if not guarded:
            return
        now = self._now().steady
        if now - self._asked_at >= ASK_EVERY_S:
            self._asked_at = now
            for each in guarded:
                self._ask(each)
        views = {each.id: each for each in self._work.views()}
        for each in guarded:
            self._look_at(each, views.get(each.playbook), now)

    def _ask(self, playbook: AssignedPlaybook) -> None:
        """The present one, in case that its program tells nothing; the others where they matter."""
        course = self._course(playbook)
        for place, pool in enumerate(playbook.pools):
            if place == course.pool or is_watched(course):
                self._probe.ask(pool.address)

    def _look_at(self, playbook: AssignedPlaybook, view: PlaybookView | None, now: float) -> None:
        before = self._course(playbook)
        if view is None or view.state in _IDLE:
            self._courses[playbook.playbook] = (playbook.version, Course(before.pool))
            return
        newest = {place: self._probe.newest(pool.address) for place, pool in enumerate(playbook.pools)}
        reachable = {
            place: found.works
            for place, found in newest.items()
            if found is not None and now - found.at <= _FRESH_S
        }
        connected = self._connected(playbook, view, now)
        if connected is None:
            connected = reachable.get(before.pool)
        others = {place: works for place, works in reachable.items() if place != before.pool}
        after = step(before, Seen(now, len(playbook.pools), connected, others))
        if is_watched(after) and not is_watched(before):
            self._asked_at = -math.inf
        if after.pool == before.pool or self._change(playbook, before.pool, after.pool):
            self._courses[playbook.playbook] = (playbook.version, after)

    def _connected(self, playbook: AssignedPlaybook, view: PlaybookView, now: float) -> bool | None:
        """As the program itself tells; None where it does not."""
        facts = self._work.miner(playbook.playbook)
        if facts is None or view.running_version is None or now - facts.at > _FRESH_S:
            return None
        return facts.pool_connected

    def _course(self, playbook: AssignedPlaybook) -> Course:
        """A new one for another version, at the pool that the supervisor mines for."""
        version, course = self._courses.get(playbook.playbook, (0, Course(0)))
        pool = self._lineup.pools().get(playbook.playbook, 0)
        return course if (version, course.pool) == (playbook.version, pool) else Course(pool)

    def _change(self, playbook: AssignedPlaybook, before: int, after: int) -> bool:
        was, comes = playbook.pools[before].address, playbook.pools[after].address
        why = (
            f"{comes} takes connections again"
            if after < before
            else f"{was} had no connection for {AWAY_FOR_S / 60:.0f} min"
        )
        try:
            self._lineup.change_pool(playbook.playbook, after)
        except (OSError, ValueError) as error:
            log.warning("Cannot change the pool of %s: %s", playbook.playbook, in_words(error))
            return False
        level = Level.NOTE if after < before else Level.ALERT
        note = Note(Kind.POOL_CHANGED, f"mines for {comes} in place of {was}: {why}", level)
        self._work.tell(playbook.playbook, note)
        return True

    def _keep_looking(self) -> None:
        while True:
            try:
                self.look()
            except Exception:
                # The outermost loop: what was not foreseen must not leave a rig with a pool that is away.
                self.mishaps += 1
                if self.mishaps <= 100:
                    log.exception("Mishap %d with the pools; going on", self.mishaps)
            time.sleep(LOOK_EVERY_S)
