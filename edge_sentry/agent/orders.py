"""Carries out what owners ask of a rig's programs: each order once, in the order of the numbers."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from edge_sentry.settings.files import replace_file
from edge_sentry.supervisor.events import Kind, Level, Note
from edge_sentry.supervisor.supervisor import Supervisor
from wire.messages import Action, LogLines, Order

_NAME = "orders.json"
_LONGEST_LINE = 1000

log = logging.getLogger(__name__)


class _Kept(msgspec.Struct, frozen=True):
    """`done` is of the orders to this machine: another enrolment counts anew."""

    machine: str
    done: int


class OrderBook:
    """Which orders were carried out, over any restart of the agent.

    Start, stop and pause are remembered after they were carried out, since doing them again changes
    nothing; a restart before, since a second one would cost a warm-up and a lost one only another click.
    A log that was asked for is remembered once it arrived. One thread gives orders; any may look.
    """

    def __init__(self, folder: Path, machine: str) -> None:
        self._path = folder / _NAME
        self._machine = machine
        self.done = _loaded(self._path, machine)
        self.log: LogLines | None = None

    def carry_out(self, orders: Iterable[Order], supervisor: Supervisor) -> None:
        """Those that are new."""
        for order in sorted(orders, key=lambda each: each.number):
            if order.number > self.done:
                self._carry_out(order, supervisor)

    def log_told(self, told: LogLines) -> None:
        """The answer has arrived."""
        if self.log is told:
            self.log = None
            self._save()

    def _carry_out(self, order: Order, supervisor: Supervisor) -> None:
        log.info("Order %d: %s %s", order.number, order.action, order.program)
        if order.action is Action.LOG:
            lines = supervisor.last_lines(order.program, order.lines)
            self.log = LogLines(order.number, order.program, tuple(each[:_LONGEST_LINE] for each in lines))
            self.done = order.number
            return
        if order.action is Action.RESTART:
            self._note_done(order)
        if not _obeyed(order, supervisor):
            reason = f"it was to {order.action} '{order.program}', which is no program of this rig's"
            supervisor.tell("", (Note(Kind.OWNER, reason, Level.ALERT),))
        self._note_done(order)

    def _note_done(self, order: Order) -> None:
        if self.done < order.number:
            self.done = order.number
            self._save()

    def _save(self) -> None:
        """A full disk does not keep an owner from stopping a program."""
        try:
            replace_file(self._path, msgspec.json.encode(_Kept(self._machine, self.done)), durable=True)
        except OSError as error:
            log.warning("Cannot keep which orders are done: %s", error.strerror)


def _obeyed(order: Order, supervisor: Supervisor) -> bool:
    match order.action:
        case Action.START:
            return supervisor.start(order.program, take_over=order.take_over)
        case Action.STOP:
            return supervisor.stop(order.program)
        case Action.PAUSE:
            return supervisor.pause(order.program, order.for_s)
        case _:
            return supervisor.restart(order.program)


def _loaded(path: Path, machine: str) -> int:
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0
    return kept.done if kept.machine == machine else 0
