"""What a rig tells and is told beside its figures: of its programs, and of what is assigned to it."""

from __future__ import annotations

from edge_sentry.agent.mining import MiningPart
from edge_sentry.playbooks.keeper import Keeper
from wire.assignments import AssignmentState
from wire.messages import LogLines, ReportReply, RigEvent


class RigNews:
    """The port `News` of the courier; `keeper` None: nothing is ever assigned to this rig."""

    def __init__(self, mining: MiningPart, keeper: Keeper | None) -> None:
        self._mining, self._keeper = mining, keeper
        self.acknowledge, self.log_told = mining.acknowledge, mining.log_told

    def events(self) -> tuple[RigEvent, ...]:
        return self._mining.events()

    def orders_done(self) -> int:
        return self._mining.orders_done()

    def log(self) -> LogLines | None:
        return self._mining.log()

    def take(self, reply: ReportReply) -> None:
        self._mining.take(reply)
        if self._keeper is not None:
            self._keeper.take(reply)

    def missed(self) -> None:
        if self._keeper is not None:
            self._keeper.missed()

    def assignment(self) -> AssignmentState | None:
        return None if self._keeper is None else self._keeper.state()
