"""Carries out what owners ask of a rig's programs: each order once, in the order of the numbers."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import load_if_readable
from edge_sentry.supervisor.events import Kind, Level, Note
from edge_sentry.supervisor.supervisor import Supervisor
from wire.messages import Action, LogLines, Order
from wire.shapes import Counter

_NAME = "orders.json"
_LONGEST_LINE = 1000
# As many orders wait at a commander.
_MOST_LOGS = 20
_Number = Annotated[int, Meta(ge=1, lt=2**40)]

log = logging.getLogger(__name__)


class _Kept(msgspec.Struct, frozen=True):
    """`done` is of the orders to this machine: another enrolment counts anew.

    `untold`: the numbers up to `done` of logs that have not arrived.
    """

    machine: str
    done: Counter
    untold: tuple[_Number, ...] = ()


class OrderBook:
    """Which orders were carried out, over any restart of the agent.

    Start, stop and pause are remembered after they were carried out, since doing them again changes
    nothing; a restart before, since a second one would cost a warm-up and a lost one only another click.
    A log that was asked for is remembered once it arrived: logs go one by one, and until then neither it
    nor what came after it is told as done. One thread gives orders; any may look.
    """

    def __init__(self, folder: Path, machine: str) -> None:
        self._path = folder / _NAME
        self._machine = machine
        kept = _loaded(self._path, machine)
        self._carried_out = kept.done
        self._again = frozenset(kept.untold)
        self._logs: tuple[LogLines, ...] = ()

    @property
    def done(self) -> int:
        """The largest number that may be told."""
        logs = self._logs
        first_log = logs[0].order if logs else self._carried_out
        return min((first_log, *(number - 1 for number in self._again)))

    @property
    def log(self) -> LogLines | None:
        """The one that is to be told next."""
        logs = self._logs
        return logs[0] if logs else None

    def news_in(self, orders: Iterable[Order]) -> bool:
        """Whether `carry_out` has anything to do with all orders that a commander waits for."""
        return bool(self._again) or any(order.number > self._carried_out for order in orders)

    def carry_out(self, orders: Iterable[Order], supervisor: Supervisor) -> None:
        """Those that are new. A log that was lost, and that nobody waits for any more, is done with."""
        wanted = sorted(orders, key=lambda each: each.number)
        self._again &= {order.number for order in wanted}
        for order in wanted:
            if order.action is Action.LOG and len(self._logs) == _MOST_LOGS:
                return
            if order.number > self._carried_out or order.number in self._again:
                self._carry_out(order, supervisor)

    def log_told(self, told: LogLines) -> None:
        """The answer has arrived."""
        if self.log is told:
            self._logs = self._logs[1:]
            self._save()

    def _carry_out(self, order: Order, supervisor: Supervisor) -> None:
        log.info("Order %d: %s %s", order.number, order.action, order.program)
        if order.action is Action.LOG:
            lines = supervisor.last_lines(order.program, order.lines)
            told = LogLines(order.number, order.program, tuple(each[:_LONGEST_LINE] for each in lines))
            # In this order: at no moment it counts as done without its lines.
            self._logs = (*self._logs, told)
            self._carried_out = max(self._carried_out, order.number)
            self._again -= {order.number}
            return
        if order.action is Action.RESTART:
            self._note_done(order)
        if not _obeyed(order, supervisor):
            reason = f"it was to {order.action} '{order.program}', which is no program of this rig's"
            supervisor.tell("", (Note(Kind.OWNER, reason, Level.ALERT),))
        self._note_done(order)

    def _note_done(self, order: Order) -> None:
        if self._carried_out < order.number:
            self._carried_out = order.number
            self._save()

    def _save(self) -> None:
        """A full disk does not keep an owner from stopping a program."""
        untold = (*self._again, *(each.order for each in self._logs))
        kept = _Kept(self._machine, self._carried_out, tuple(sorted(untold)))
        try:
            replace_file(self._path, msgspec.json.encode(kept), durable=True)
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


def _loaded(path: Path, machine: str) -> _Kept:
    kept = load_if_readable(path, _Kept)
    return kept if kept is not None and kept.machine == machine else _Kept(machine, 0)
