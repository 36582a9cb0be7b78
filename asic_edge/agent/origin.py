"""In whose name reports go out: the epoch and the sequence, begun anew where they are not known any more."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Final

from asic_edge.agent.backlog import Backlog
from asic_edge.agent.sequence import Sequence

AGAIN_S: Final = 86_400.0
"""Between enrolments because of a later one: two copies of an edge would outdo each other for ever."""
COPIED: Final = (
    "This edge was enrolled again since: does a copy of its data folder run elsewhere? Stop that one and "
    "restart this one; or create a sentry of type ASIC in the dashboard, and enrol one of them with its "
    "token and --force."
)

log = logging.getLogger(__name__)


class Origin:
    """Newer means a larger (epoch, sequence). `enrol` again gives a larger epoch and raises UplinkFailure.

    That is needed where the sequence or the backlog was lost: a number could be used twice, and nobody
    could tell what was dropped. `enrolled_in` is the epoch of the enrolment.
    """

    def __init__(
        self, sequence: Sequence, backlog: Backlog, enrolled_in: int, enrol: Callable[[], int]
    ) -> None:
        self._sequence, self._backlog, self._enrol = sequence, backlog, enrol
        self._again_from = -math.inf
        if (sequence.epoch or 0) < enrolled_in and sequence.epoch is not None:
            sequence.begin(enrolled_in)
        known = sequence.epoch == enrolled_in
        if known and backlog.epoch != enrolled_in and not backlog.spool.lost and not sequence.used:
            backlog.begin(enrolled_in)

    @property
    def epoch(self) -> int | None:
        """None: `renew` it before anything is sent."""
        epoch = self._sequence.epoch
        return epoch if epoch is not None and epoch == self._backlog.epoch else None

    def next(self) -> int:
        """The number of the next report; raises SettingsError."""
        return self._sequence.next()

    def renew(self) -> int:
        """The new epoch; raises UplinkFailure, SettingsError."""
        epoch = self._enrol()
        self._sequence.begin(epoch)
        self._backlog.begin(epoch)
        return epoch

    def renew_again(self, now: float) -> bool:
        """Where the commander has a later epoch: the folder comes from a backup, or is a copy.

        `now` by the steady clock. Not twice a day: then False. Raises UplinkFailure, SettingsError.
        """
        if now < self._again_from:
            return False
        log.warning("This edge was enrolled again since; it begins anew")
        self.renew()
        self._again_from = now + AGAIN_S
        return True
