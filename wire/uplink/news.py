"""What an agent tells beside its figures: events, orders that are done, a log; and what replies bring."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

import msgspec

from wire.assignments import AssignmentState
from wire.messages import LogLines, MachineReport, ReportReply, RigEvent

MOST_EVENTS = 100
_PLACE = re.compile(r"\.events\[(\d+)\]")


class News(Protocol):
    """The port to whoever decides and obeys. No call may wait, whatever thread it comes from."""

    def events(self) -> tuple[RigEvent, ...]:
        """Those that nobody has acknowledged, oldest first, their ids ascending."""

    def acknowledge(self, last: int) -> None:
        """All events up to this id are safe, or will never be told."""

    def orders_done(self) -> int:
        """Up to which number all orders are carried out, or cannot be, and all logs but `log` were told."""

    def log(self) -> LogLines | None:
        """The answer to an order that asked for one, until it was told."""

    def log_told(self, log: LogLines) -> None:
        """It arrived, or never will."""

    def take(self, reply: ReportReply) -> None:
        """The orders of a reply, and what else it says."""

    def missed(self) -> None:
        """A report did not arrive, or was not accepted."""

    def assignment(self) -> AssignmentState | None:
        """What was assigned and what became of it; None where nothing ever is."""


class NoNews:
    """The port `News` of an agent that decides nothing."""

    def events(self) -> tuple[RigEvent, ...]:
        return ()

    def acknowledge(self, last: int) -> None:
        """There is none."""

    def orders_done(self) -> int:
        return 0

    def log(self) -> LogLines | None:
        return None

    def log_told(self, log: LogLines) -> None:
        """There is none."""

    def take(self, reply: ReportReply) -> None:
        """Nothing obeys."""

    def missed(self) -> None:
        """Nobody waits for a reply."""

    def assignment(self) -> AssignmentState | None:
        return None


class Bulletin:
    """Puts news into reports until they have arrived; what is refused is left out from then on."""

    def __init__(self, news: News) -> None:
        self.news = news
        self._told_to = 0
        self._refused: set[int] = set()
        self._orders_done: int | None = None
        self._assignment: AssignmentState | None = None
        self._unwanted: AssignmentState | None = None

    @property
    def changed(self) -> bool:
        """Whether the assignment stands elsewhere than was told. Nothing was told yet: no change either."""
        if self._orders_done is None:
            return False
        return self._wanted() is not None and _outline(self._wanted()) != _outline(self._assignment)

    @property
    def urgent(self) -> bool:
        """Whether somebody waits for an answer to an order."""
        if self._orders_done is None:
            return False
        return self.news.log() is not None or self.news.orders_done() != self._orders_done

    def added_to(self, part: MachineReport) -> MachineReport:
        """The newest state with all news."""
        return msgspec.structs.replace(
            part,
            events=self._untold()[:MOST_EVENTS],
            orders_done=self.news.orders_done(),
            log=self.news.log(),
            assignment=self._wanted(),
        )

    def note_told(self, part: MachineReport) -> None:
        """The commander has stored this newest state."""
        self._orders_done, self._assignment = part.orders_done, part.assignment
        if part.log is not None:
            self.news.log_told(part.log)
        self._told_to = max([self._told_to, *(event.id for event in part.events)])
        self._acknowledge()

    def note_refused(self, part: MachineReport, field: str) -> bool:
        """Whether it was for the news: for one event, if the path names it, else for all of them."""
        place = _PLACE.search(field)
        if place is not None and int(place[1]) < len(part.events):
            self._leave_out(part.events[int(place[1])].id)
        elif ".events" in field and part.events:
            self._leave_out(*(event.id for event in part.events))
        elif ".log" in field and part.log is not None:
            self.news.log_told(part.log)
        elif ".assignment" in field and part.assignment is not None:
            self._unwanted = _outline(part.assignment)
        else:
            return False
        return True

    def forget(self) -> None:
        """A new epoch: the commander knows nothing."""
        self._orders_done = None

    def _wanted(self) -> AssignmentState | None:
        found = self.news.assignment()
        return None if found is not None and _outline(found) == self._unwanted else found

    def _untold(self) -> tuple[RigEvent, ...]:
        """What was acknowledged may still stand there for a moment."""
        found = self.news.events()
        return tuple(each for each in found if each.id > self._told_to and each.id not in self._refused)

    def _leave_out(self, *refused: int) -> None:
        self._refused.update(refused)
        self._acknowledge()

    def _acknowledge(self) -> None:
        """Up to the first one that has yet to be told."""
        last = _last_before(self._untold(), self.news.events())
        if last:
            self.news.acknowledge(last)
            self._refused = {each for each in self._refused if each > last}
            self._told_to = max(self._told_to, last)


def _last_before(untold: tuple[RigEvent, ...], waiting: Iterable[RigEvent]) -> int:
    first = untold[0].id if untold else float("inf")
    return max((each.id for each in waiting if each.id < first), default=0)


def _outline(state: AssignmentState | None) -> AssignmentState | None:
    """Without times and the bytes of a download, which are figures and no change."""
    if state is None:
        return None
    steps = (msgspec.structs.replace(each, at=None, done=None, total=None) for each in state.steps)
    return msgspec.structs.replace(state, steps=tuple(steps))
