"""What failed with a document: told once as an event, shown as a step, tried again after a while."""

from __future__ import annotations

import logging
import math

from edge_sentry.playbooks.ports import Work
from edge_sentry.playbooks.steps import Steps
from edge_sentry.playbooks.web import FetchError
from edge_sentry.supervisor.events import Kind, Level, Note
from wire.assignments import DocumentPlace

_REPAIR = -1
RETRY_AFTER_S = (60.0, 120.0, 300.0, 900.0)

log = logging.getLogger(__name__)


class Troubles:
    """Of the document that is offered now; another one is tried at once."""

    def __init__(self, work: Work, steps: Steps) -> None:
        self._work, self._steps = work, steps
        self._offer: tuple[int, int] | None = None
        self._times = 0
        self._retry_at = -math.inf
        self._useless_url = ""
        self._told: set[tuple[int, str, str]] = set()
        self._logged = ""
        self.refusal = ""

    def retry_at(self, place: DocumentPlace) -> float:
        """By the steady clock; what was not tried yet, and a new address for one that closed, at once."""
        if (place.epoch, place.revision) != self._offer:
            return -math.inf
        return -math.inf if self._useless_url and place.url != self._useless_url else self._retry_at

    def wait(self, place: DocumentPlace, now: float) -> None:
        """Nothing failed and it is not there: again later."""
        if (place.epoch, place.revision) != self._offer:
            self._offer, self._times = (place.epoch, place.revision), 0
        self._retry_at = now + RETRY_AFTER_S[min(self._times, len(RETRY_AFTER_S) - 1)]
        self._times += 1
        self._useless_url = ""

    def note(self, error: Exception, place: DocumentPlace, revision: int, now: float) -> None:
        """The attempt failed; `revision`: of what."""
        self.wait(place, now)
        if isinstance(error, FetchError) and error.gone:
            self._useless_url = place.url
        self.refusal = in_words(error)
        failed = self._steps.fail(self.refusal)
        what, playbook = ("fetch", "") if failed is None else (failed.what, failed.playbook)
        self._tell_once((revision, what, playbook), f"Revision {revision} is not run. {self.refusal}")

    def not_handed_over(self, error: Exception) -> None:
        """It is accepted, and what runs could not be changed."""
        reason = in_words(error)
        self._tell_once((0, "start", reason), f"What is accepted cannot be started yet: {reason}")

    def not_repaired(self, error: Exception) -> None:
        """What is accepted is not on the disk any more, and does not come back."""
        reason = in_words(error)
        failed = self._steps.fail(reason)
        if failed is not None:
            told = f"What it needs is gone from this rig and does not come back. {reason}"
            self._tell_once((_REPAIR, failed.what, failed.playbook), told)

    def repaired(self) -> None:
        """All that is accepted is there."""
        gone = {key for key in self._told if key[0] == _REPAIR}
        for _, _, playbook in sorted(gone):
            note = Note(Kind.ASSIGNMENT_FAILED, "What it needs is there again.", over=True)
            self._work.tell(playbook, note)
        self._told -= gone

    def log_once(self, error: Exception) -> None:
        """What is no trouble of a document, as long as it stays the same."""
        if str(error) != self._logged:
            self._logged = str(error)
            log.info("%s", error)

    def over(self, revision: int, playbooks: int, *, told: bool) -> None:
        """A document was accepted. `told`: to people too; each rig begins with one that says nothing."""
        count = {0: "nothing to run", 1: "1 playbook"}.get(playbooks, f"{playbooks} playbooks")
        reason = f"Revision {revision} is accepted: {count}"
        if self._told:
            self._work.tell("", Note(Kind.ASSIGNMENT_FAILED, reason, over=True))
        if told or self._told:
            self._work.tell("", Note(Kind.ASSIGNMENT_ACCEPTED, reason))
        self._offer, self._times, self._told, self._useless_url = None, 0, set(), ""

    def _tell_once(self, key: tuple[int, str, str], reason: str) -> None:
        if key not in self._told:
            self._told.add(key)
            playbook = key[2] if key[1] not in ("fetch", "start") else ""
            self._work.tell(playbook, Note(Kind.ASSIGNMENT_FAILED, reason, Level.ALERT))


def in_words(error: Exception) -> str:
    """Without the paths of this rig where the system's words say enough."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    return str(error) or type(error).__name__
