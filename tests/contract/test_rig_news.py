"""What rigs tell and what their owners want of them, the same on every store."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.policy import DAY_S
from cloud.ports import Store, every
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.give_order import give_order
from cloud.usecases.list_events import list_events
from cloud.usecases.show_log import show_log
from cloud.usecases.show_machine import show_machine
from cloud.usecases.sweep_farms import sweep_farms
from cloud.usecases.take_back_order import take_back_order
from cloud.usecases.watch_programs import watch_programs
from tests.fakes.ports import fake_ports
from tests.fakes.reports import NOW, enrolment
from tests.fakes.time_and_chance import FakeClock
from tests.fakes.world import ALL
from tests.unit.cloud.usecases.news import event, news
from wire.faults import Fault
from wire.live import OrderRequest
from wire.messages import Action, AgentKind, LogLines, Report, ReportReply, WatchedProgram

STOP = OrderRequest(Action.STOP, "p")


class Rig:
    """One rig of one farm, on the store under test."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.clock, self.ports = clock, fake_ports(store=store, clock=clock)
        self.farm = create_owner(self.ports, "owner@example.test", "a good password", "North")
        made = create_agent(self.ports, self.farm, "rig-1", AgentKind.CPU_GPU)
        self.agent, self.machine = made.agent.agent, made.agent.machine or ""
        self.bearer = f"Bearer {made.token}"

    def report(self, sent: Report) -> ReportReply:
        return accept_report(self.ports, authorise_agent(self.ports, self.bearer), sent)

    def enrol(self) -> None:
        enrol_agent(self.ports, authorise_agent(self.ports, self.bearer), enrolment(hardware=["mac"]))

    def order(self) -> int:
        return give_order(self.ports, self.farm, self.machine, STOP).number

    def events(self) -> list[tuple[float, str | None]]:
        """Newest first; both lists are the same."""
        lists = [list_events(self.ports, self.farm, of, None, 200, ALL).events for of in (None, self.machine)]
        assert lists[0] == lists[1]
        return [(each.at, each.kind) for each in lists[0]]


@pytest.fixture
def rig(store: Store, clock: FakeClock) -> Rig:
    return Rig(store, clock)


def test_events_are_listed_once_and_newest_first(rig: Rig) -> None:
    told = [event(1, 5.0, "boot"), event(2, NOW - 10), *(event(n, NOW - 9 + n / 10) for n in range(3, 41))]
    rig.report(news(rig.machine, 1, events=told[:3]))
    rig.clock.advance(60)
    rig.report(news(rig.machine, 2, events=told))
    rig.report(news(rig.machine, 1, events=told[:3]))
    expected = [(NOW, "boot"), *((each.at, "started") for each in reversed(told[1:]))]
    assert rig.events() == sorted(expected, reverse=True)


def test_orders_are_sent_until_they_are_done_taken_back_or_too_late(rig: Rig) -> None:
    assert [rig.order() for _ in range(3)] == [1, 2, 3]
    take_back_order(rig.ports, rig.farm, rig.machine, "2")
    assert [order.number for order in rig.report(news(rig.machine, 1)).orders] == [1, 3]
    assert [order.number for order in rig.report(news(rig.machine, 2, done=1)).orders] == [3]
    rig.clock.advance(900)
    assert show_machine(rig.ports, rig.farm, rig.machine, ALL).orders == ()
    assert rig.report(news(rig.machine, 3, done=1)).orders == ()
    assert rig.events() == [(NOW + 900, "order_expired")]
    assert rig.order() == 4


def test_an_enrolment_drops_orders_and_leaves_what_is_watched(rig: Rig) -> None:
    rig.enrol()
    rig.order()
    watched = (WatchedProgram("p", "xmrig", 18088),)
    watch_programs(rig.ports, rig.farm, rig.machine, watched)
    rig.enrol()
    answer = rig.report(news(rig.machine, epoch=1))
    assert (answer.orders, answer.watched) == ((), watched)
    assert rig.events() == [(NOW, "order_expired")]


def test_the_newest_log_is_there_for_an_hour(rig: Rig) -> None:
    for sequence, order in enumerate((5, 9, 7)):
        rig.report(news(rig.machine, sequence, log=LogLines(order, "p", (f"line {order}", "\x00🐄"))))
    assert show_log(rig.ports, rig.farm, rig.machine, "p").lines == ("line 9", "\x00🐄")
    rig.clock.advance(3600)
    with pytest.raises(Fault) as caught:
        show_log(rig.ports, rig.farm, rig.machine, "p")
    assert caught.value.code == "no_log"


def test_all_of_it_is_erased_with_the_machine(rig: Rig) -> None:
    rig.order()
    rig.report(news(rig.machine, events=[event(1), event(2, 5.0)], log=LogLines(1, "p", ("secret",))))
    rig.clock.advance(1000)
    rig.order()
    delete_agent(rig.ports, rig.farm, rig.agent)
    rig.clock.advance(7 * DAY_S)
    sweep_farms(rig.ports)
    partitions = [keys.history_pk(rig.farm, rig.machine), keys.events_pk(rig.farm)]
    assert [item.key for pk in partitions for item in every(rig.ports.store, pk, "!", "~")] == []
    item = rig.ports.store.get(keys.agent(rig.farm, rig.agent))
    assert item is not None
    assert b"order" not in item.body.replace(b"orders_given", b"")
