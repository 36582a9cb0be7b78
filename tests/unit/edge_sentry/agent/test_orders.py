"""Orders are carried out once, in the order of their numbers, over any restart of the agent."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.agent.orders import OrderBook
from edge_sentry.supervisor.events import Kind
from edge_sentry.supervisor.view import State
from tests.unit.edge_sentry.supervisor.fakes import Rig, playbook
from wire.messages import Action, LogLines, Order


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    rig = Rig(tmp_path, playbook())
    rig.healthy()
    rig.pass_s(100)
    return rig


def book(rig: Rig, machine: str = "m1") -> OrderBook:
    """As a new agent finds it."""
    return OrderBook(rig.folder, machine)


def carry_out(rig: Rig, orders: OrderBook, *wanted: Order) -> None:
    orders.carry_out(wanted, rig.supervisor)
    rig.pass_s(20)


def test_each_is_done_once_and_in_order(rig: Rig) -> None:
    orders = book(rig)
    stop, start = Order(1, Action.STOP, "gpu"), Order(2, Action.START, "gpu")
    carry_out(rig, orders, start, stop)
    assert (rig.view().state, orders.done) == (State.RUNNING, 2)
    for later in (orders, book(rig)):
        carry_out(rig, later, stop)
        assert rig.view().state is State.RUNNING


def test_a_pause_ends_by_itself(rig: Rig) -> None:
    carry_out(rig, book(rig), Order(1, Action.PAUSE, "gpu", for_s=60))
    assert rig.view().state is State.PAUSED
    rig.pass_s(60)
    assert rig.view().state is State.RUNNING


def test_the_take_over_reaches_the_supervisor(rig: Rig) -> None:
    orders = book(rig)
    rig.neighbours.programs.add("stand-in")
    carry_out(rig, orders, Order(1, Action.RESTART, "gpu"))
    assert rig.view().state is State.REFUSED
    carry_out(rig, orders, Order(2, Action.START, "gpu", take_over=True))
    assert rig.view().state is State.RUNNING


class Dies(BaseException):
    """As kill -9 at this very moment."""


@pytest.mark.parametrize(("action", "again"), [(Action.RESTART, False), (Action.STOP, True)])
def test_killed_in_between_a_restart_is_not_done_twice_and_a_stop_may_be(
    rig: Rig, action: Action, again: bool
) -> None:
    """Right after the supervisor took the wish."""

    class Dying:
        def __getattr__(self, name: str) -> object:
            def call(*arguments: object, **more: object) -> None:
                getattr(rig.supervisor, name)(*arguments, **more)
                raise Dies

            return call

    order = Order(1, action, "gpu")
    with pytest.raises(Dies):
        book(rig).carry_out((order,), Dying())  # type: ignore[arg-type]
    rig.restart_agent()
    rig.pass_s(30)
    before = rig.starts
    assert book(rig).done == (0 if again else 1)
    carry_out(rig, book(rig), order)
    assert rig.starts == before == (1 if again else 2)


def test_what_cannot_be_done_is_done_with_and_said(rig: Rig) -> None:
    orders = book(rig)
    carry_out(rig, orders, Order(1, Action.STOP, "nobody"))
    assert orders.done == 1
    (event,) = rig.events(Kind.OWNER)
    assert "nobody" in event.reason


def test_a_log_is_answered_and_remembered_once_it_arrived(rig: Rig) -> None:
    rig.supervisor.tell("gpu", ())
    run = rig.folder / "mining" / "runs" / "gpu"
    (run / "log").write_text("".join(f"line {number} {'x' * 2000}\n" for number in range(9)))
    orders = book(rig)
    carry_out(rig, orders, Order(5, Action.LOG, "gpu", lines=3))
    assert orders.log is not None
    assert (orders.log.order, orders.log.program, len(orders.log.lines)) == (5, "gpu", 3)
    assert {len(line) for line in orders.log.lines} == {1000}
    assert (orders.done, book(rig).done) == (5, 0)
    orders.log_told(LogLines(4, "gpu", ()))
    assert orders.log is not None
    orders.log_told(orders.log)
    assert book(rig).done == 5
    orders.log_told(LogLines(5, "gpu", ()))


def told(orders: OrderBook) -> LogLines:
    """What is to be told next, as when it arrived."""
    log = orders.log
    assert log is not None
    orders.log_told(log)
    return log


def test_of_two_logs_none_is_lost(rig: Rig) -> None:
    orders = book(rig)
    logs = (Order(1, Action.LOG, "gpu"), Order(2, Action.LOG, "nobody"))
    carry_out(rig, orders, *logs)
    carry_out(rig, orders, *logs)
    assert (told(orders).order, orders.done) == (1, 2)
    assert (told(orders).order, orders.log, orders.done) == (2, None, 2)
    assert book(rig).done == 2


def test_what_comes_after_a_log_is_carried_out_at_once_and_told_after_it(rig: Rig) -> None:
    orders = book(rig)
    carry_out(rig, orders, Order(1, Action.LOG, "gpu"), Order(2, Action.RESTART, "gpu"))
    assert (rig.starts, orders.done) == (2, 1)
    told(orders)
    assert orders.done == 2


def test_killed_before_a_log_arrived_it_alone_is_done_again(rig: Rig) -> None:
    wanted = Order(1, Action.LOG, "gpu"), Order(2, Action.RESTART, "gpu")
    carry_out(rig, book(rig), *wanted)
    orders = book(rig)
    assert orders.done == 0
    assert orders.news_in(wanted)
    carry_out(rig, orders, *wanted)
    assert rig.starts == 2
    assert (told(orders).order, orders.done, book(rig).done) == (1, 2, 2)


def test_a_log_that_nobody_waits_for_any_more_is_done_with(rig: Rig) -> None:
    carry_out(rig, book(rig), Order(1, Action.LOG, "gpu"), Order(2, Action.STOP, "gpu"))
    orders = book(rig)
    assert orders.news_in(())
    carry_out(rig, orders)
    assert (orders.log, orders.done) == (None, 2)
    assert not orders.news_in(())


def test_no_more_logs_wait_than_orders_can(rig: Rig) -> None:
    orders = book(rig)
    wanted = tuple(Order(number, Action.LOG, "nobody") for number in range(1, 26))
    carry_out(rig, orders, *wanted)
    assert [told(orders).order for _ in range(20)] == list(range(1, 21))
    carry_out(rig, orders, *wanted)
    assert [told(orders).order for _ in range(5)] == list(range(21, 26))
    assert orders.done == 25


def test_a_log_of_a_program_without_one_is_empty(rig: Rig) -> None:
    orders = book(rig)
    carry_out(rig, orders, Order(5, Action.LOG, "nobody"))
    assert orders.log == LogLines(5, "nobody", ())


def test_another_machine_counts_anew(rig: Rig) -> None:
    carry_out(rig, book(rig), Order(9, Action.STOP, "gpu"))
    assert book(rig).done == 9
    assert book(rig, "m2").done == 0


def test_damaged_is_as_new(rig: Rig) -> None:
    (rig.folder / "orders.json").write_bytes(b"\xff{")
    assert book(rig).done == 0


def test_a_full_disk_does_not_keep_an_owner_from_stopping(rig: Rig) -> None:
    orders = OrderBook(rig.folder / "gone", "m1")
    carry_out(rig, orders, Order(1, Action.STOP, "gpu"))
    assert (rig.view().state, orders.done) == (State.STOPPED, 1)


@pytest.mark.parametrize("kept", ['"done":-5', f'"done":{2**70}', '"done":3,"untold":[-9]'])
def test_a_number_that_no_commander_would_take_is_as_new(rig: Rig, kept: str) -> None:
    (rig.folder / "orders.json").write_text(f'{{"machine":"m1",{kept}}}')
    assert book(rig).done == 0
