"""Brings a rig to its newest document: fetches, believes, prepares everything, and only then hands over.

One thread does all of it; nothing else ever waits for a download or for a disk.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from edge_sentry.playbooks.belief import Accepted, Believed, Unbelievable, believed
from edge_sentry.playbooks.checks import check_values
from edge_sentry.playbooks.following import Following
from edge_sentry.playbooks.kept import Kept
from edge_sentry.playbooks.lineup import Lineup
from edge_sentry.playbooks.ports import Far, Work
from edge_sentry.playbooks.scripts import OURS
from edge_sentry.playbooks.shelf import Record, Shelf
from edge_sentry.playbooks.steps import Steps
from edge_sentry.playbooks.troubles import Troubles
from edge_sentry.playbooks.unpack import UnpackError
from edge_sentry.playbooks.web import Fetched, FetchError
from wire.assignments import Archive, AssignedPlaybook, AssignmentState, DocumentPlace, StepState, System
from wire.messages import ReportReply
from wire.uplink.clock import Moment, ServerClock

MISSED_BEFORE_POLLING = 3
POLL_EVERY_S = 60.0
REPAIR_EVERY_S = 900.0
_LOOK_EVERY_S = 1.0
_REST_S = 30.0
# A place is kept on disk again when it works for so much longer: addresses are made anew with each reply.
_LASTS_LONGER_S = 3600.0

log = logging.getLogger(__name__)


class Keeper:
    """`take`, `missed` and `state` never wait, whatever thread they come from; `work` does one round."""

    def __init__(
        self,
        kept: Kept,
        shelf: Shelf,
        work: Work,
        far: Far,
        *,
        now: Callable[[], Moment],
        ours: System = OURS,
    ) -> None:
        self._kept, self._shelf, self._work, self._far = kept, shelf, work, far
        self._now, self._ours = now, ours
        self._record = shelf.record(kept)
        self.lineup = Lineup(work, shelf.to_run, self._record)
        self._clock = ServerClock()
        self._steps = Steps(lambda: self._clock.corrected(now()))
        self._following = Following(self._steps, work, self.lineup)
        self._troubles = Troubles(work, self._steps)
        self._place = kept.place
        self._missed = 0
        self._polled_at = -math.inf
        self._settled_at: float | None = None
        self._repair_at = -math.inf
        self._offered: int | None = None
        self._refused: Fetched | None = None
        self._to_clean = self._record is not None
        self._wake = threading.Event()
        self.mishaps = 0

    def start(self) -> None:
        """Works in a thread of its own until the process ends."""
        threading.Thread(target=self._keep_working, name="assignment", daemon=True).start()

    def take(self, reply: ReportReply) -> None:
        """The commander answered: its clock, and perhaps where the document lies."""
        now = self._now()
        self._clock.learn(now, now, reply.server_at)
        self._missed = 0
        if reply.document is not None and reply.document != self._place:
            self._place = reply.document
            self._wake.set()

    def missed(self) -> None:
        """It did not."""
        self._missed += 1
        if self._missed == MISSED_BEFORE_POLLING:
            self._wake.set()

    def state(self) -> AssignmentState:
        """For reports."""
        accepted = self.accepted
        return AssignmentState(
            accepted.epoch, accepted.revision, self._offered, self._steps.told, self.lineup.pools()
        )

    @property
    def accepted(self) -> Accepted:
        """What nothing may be older than. The record is written first, so it may be ahead."""
        before = self._kept.accepted
        return before if self._record is None else max(before, self._record.accepted)

    def work(self) -> float:
        """One round; gives the seconds until the next."""
        self._settle()
        self._following.look()
        self._repair()
        self._clean()
        place = self._place
        if place is None:
            return self._pause_s(math.inf)
        self._keep_place(place)
        if self._due(place) <= self._now().steady:
            self._attempt(place)
        return self._pause_s(self._due(place))

    def _pause_s(self, due: float) -> float:
        left_s = max(due - self._now().steady, 0.0)
        moving = self._to_clean or self._following.open
        return min(left_s, _LOOK_EVERY_S if moving else _REST_S)

    def _wants(self, place: DocumentPlace) -> bool:
        """Whether there is something newer, or what was accepted is not on the disk any more."""
        accepted = self.accepted
        lost = self._record is None and accepted > (0, 0)
        return lost or (place.epoch, place.revision) > accepted

    def _due(self, place: DocumentPlace) -> float:
        """When the place is to be asked, by the steady clock."""
        if self._wants(place):
            return self._troubles.retry_at(place)
        if self._missed < MISSED_BEFORE_POLLING:
            return math.inf
        return max(self._polled_at + POLL_EVERY_S, self._troubles.retry_at(place))

    def _attempt(self, place: DocumentPlace) -> None:
        self._polled_at = self._now().steady
        wanted, before = self._wants(place), self._steps.told
        if wanted:
            self._announce(place.revision)
        try:
            if not self._bring(place, wanted=wanted):
                self._troubles.wait(place, self._now().steady)
        except (FetchError, Unbelievable, UnpackError, OSError, ValueError) as error:
            if isinstance(error, FetchError) and not wanted and self._steps.told is before:
                self._troubles.log_once(error)  # commander and store are both away: nothing failed
                return
            revision = place.revision if self._offered is None else self._offered
            self._troubles.note(error, place, revision, self._now().steady)

    def _announce(self, revision: int) -> None:
        self._offered = revision
        self._steps.begin()
        self._steps.put("fetch", "", StepState.RUNNING)

    def _bring(self, place: DocumentPlace, *, wanted: bool) -> bool:
        """Whether the rig is where it should be; raises what failed."""
        refused = self._refused
        etag = self._etag() if refused is None else refused.etag
        fetched = self._far.document(place.url, etag)
        if fetched is None or (refused is not None and fetched.body == refused.body):
            return self._unchanged(refused is not None, wanted=wanted)
        found = self._believed(fetched, place)
        self._refused = None
        if self._record is not None and self._record.accepted == _number(found):
            return self._unchanged(False, wanted=wanted)
        self._announce(found.manifest.revision)
        self._steps.put("fetch", "", StepState.DONE)
        for playbook in found.document.playbooks:
            self._prepare(playbook)
        self._accept(found, fetched.etag)
        return True

    def _etag(self) -> str:
        return "" if self._record is None else self._kept.etag

    def _unchanged(self, is_refused: bool, *, wanted: bool) -> bool:
        if not wanted:
            return True
        if is_refused:
            self._steps.put("fetch", "", StepState.FAILED, self._troubles.refusal)
        else:
            reason = "its place does not have it yet"
            self._steps.put("fetch", "", StepState.WAITING, reason)
        return False

    def _believed(self, fetched: Fetched, place: DocumentPlace) -> Believed:
        now = self._clock.at(self._now().steady)
        try:
            found = believed(fetched.body, self._kept.rig, self.accepted, now)
            check_values(found.document, self._ours)
        except Unbelievable:
            self._refused = fetched
            self._announce(place.revision)
            raise
        return found

    def _prepare(self, playbook: AssignedPlaybook) -> None:
        name, steps = playbook.playbook, self._steps
        if not self._shelf.is_installed(playbook):
            self._install(playbook)
        before = () if self._record is None else self._record.document.playbooks
        if playbook in before and self._shelf.has_scripts(playbook):
            return
        steps.put("write", name, StepState.RUNNING)
        self._shelf.write(playbook)
        steps.put("write", name, StepState.DONE)

    def _install(self, playbook: AssignedPlaybook) -> None:
        name, steps = playbook.playbook, self._steps

        def download(archive: Archive, path: Path) -> None:
            self._far.archive(archive, path, lambda done, of: steps.progress("download", name, done, of))
            steps.put("download", name, StepState.DONE)
            steps.put("install", name, StepState.RUNNING)

        steps.put("download", name, StepState.RUNNING)
        self._shelf.install(playbook, download)
        steps.put("install", name, StepState.DONE)

    def _accept(self, found: Believed, etag: str) -> None:
        """From here on there is no way back: what is not done now is done by the next round or agent."""
        manifest = found.manifest
        record = Record(
            farm=manifest.farm,
            machine=manifest.machine,
            epoch=manifest.epoch,
            revision=manifest.revision,
            document=found.document,
        )
        self._shelf.accept(record)
        matters = self._record is not None or bool(found.document.playbooks)
        self._record, self._offered = record, None
        self._remember(
            replace(self._kept, key=found.key, epoch=manifest.epoch, revision=manifest.revision, etag=etag)
        )
        self.lineup.accept(record)
        self._following.expect()
        self._settled_at, self._to_clean = None, True
        self._troubles.over(manifest.revision, len(found.document.playbooks), told=matters)
        self._settle()

    def _remember(self, kept: Kept) -> None:
        self._kept = kept
        try:
            self._shelf.keep(kept)
        except OSError as error:
            log.warning("Cannot keep where the document is: %s", error.strerror)

    def _keep_place(self, place: DocumentPlace) -> None:
        before = self._kept.place
        if before is not None:
            same = place.url.partition("?")[0] == before.url.partition("?")[0]
            number = (place.epoch, place.revision) == (before.epoch, before.revision)
            if same and number and abs(place.until - before.until) < _LASTS_LONGER_S:
                return
        self._remember(replace(self._kept, place=place))

    def _settle(self) -> None:
        """Hands over until that has worked once; later only another pool or document changes anything."""
        now = self._now().steady
        if self._settled_at is not None and now < self._settled_at:
            return
        try:
            self.lineup.settle()
            self._settled_at = math.inf
        except (OSError, ValueError) as error:
            self._settled_at = now + POLL_EVERY_S
            self._troubles.not_handed_over(error)

    def _repair(self) -> None:
        """What was installed may be gone again: antivirus programs take mining programs away."""
        now = self._now().steady
        if self._record is None or now < self._repair_at:
            return
        self._repair_at = now + REPAIR_EVERY_S
        try:
            for playbook in self._record.document.playbooks:
                self._prepare(playbook)
        except (FetchError, UnpackError, OSError) as error:
            self._troubles.not_repaired(error)
        else:
            self._troubles.repaired()

    def _clean(self) -> None:
        if self._to_clean and self._record is not None and self._following.nobody_left():
            self._shelf.clean(self._record.document)
            self._to_clean = False

    def _keep_working(self) -> None:
        while True:
            self._wake.wait(self._round())
            self._wake.clear()

    def _round(self) -> float:
        try:
            return self.work()
        except Exception:
            # The outermost loop: what was not foreseen must not leave the rig without its next document.
            self.mishaps += 1
            log.exception("Mishap %d with the assignment; going on", self.mishaps)
            return POLL_EVERY_S


def _number(found: Believed) -> Accepted:
    return Accepted(found.manifest.epoch, found.manifest.revision)
