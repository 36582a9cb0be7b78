"""What is wanted of an ASIC edge and what comes of it, the same on every store."""

from __future__ import annotations

from cloud.ports import Store
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.give_errand import give_errand
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.show_edge import show_edge
from cloud.usecases.show_errand import show_errand
from tests.fakes.edges import edge_state
from tests.fakes.ports import fake_ports
from tests.fakes.reports import NOW
from tests.fakes.time_and_chance import FakeClock
from wire.edge import EdgeState, EndSearch, ErrandLine, ErrandResult, FoundDevice, GivenErrand, Search
from wire.messages import AgentKind, Report, ReportReply

SEARCH = Search(("10.0.0.0/24",))
ENDED = ErrandResult(1, ok=True, text="2 found", lines=(ErrandLine("10.0.0.1", "added", "new"),))
QUICK_S, USUAL_S = 5, 60


class Lan:
    """One edge of one farm, on the store under test."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.ports = fake_ports(store=store, clock=clock)
        self.farm = create_owner(self.ports, "owner@example.test", "a good password", "North")
        made = create_agent(self.ports, self.farm, "shed", AgentKind.ASIC)
        self.agent, self.bearer = made.agent.agent, f"Bearer {made.token}"
        self.sequence = 0

    def report(self, state: EdgeState) -> ReportReply:
        self.sequence += 1
        sent = Report(1, self.sequence, NOW, 60, (), edge=state)
        return accept_report(self.ports, authorise_agent(self.ports, self.bearer), sent)

    def shown(self) -> list[int]:
        return [each.number for each in show_edge(self.ports, self.farm, self.agent).errands]


def test_an_errand_is_sent_until_it_is_done_and_its_result_shown(store: Store, clock: FakeClock) -> None:
    lan = Lan(store, clock)
    for errand in (SEARCH, EndSearch()):
        give_errand(lan.ports, lan.farm, lan.agent, errand)
    reply = lan.report(edge_state())
    assert reply.errands == (GivenErrand(1, SEARCH), GivenErrand(2, EndSearch()))
    assert reply.report_interval_s == QUICK_S
    assert lan.shown() == [2, 1]
    found = [FoundDevice("10.0.0.1")]
    last = lan.report(edge_state(2, results=[ENDED], found=found))
    assert (last.errands, last.report_interval_s) == ((), USUAL_S)
    assert show_errand(lan.ports, lan.farm, lan.agent, "1").result == ENDED
    view = show_edge(lan.ports, lan.farm, lan.agent)
    assert (view.state, view.found) == (edge_state(2), tuple(found))


def test_many_are_shown_newest_first_and_out_of_the_bin_comes_none(store: Store, clock: FakeClock) -> None:
    lan = Lan(store, clock)
    for number in range(1, 34):
        give_errand(lan.ports, lan.farm, lan.agent, EndSearch())
        lan.report(edge_state(number))
    assert lan.shown() == list(range(33, 3, -1))
    give_errand(lan.ports, lan.farm, lan.agent, SEARCH)
    delete_agent(lan.ports, lan.farm, lan.agent)
    restore_agent(lan.ports, lan.farm, lan.agent)
    assert lan.report(edge_state(33)).errands == ()
    clock.advance(86_400)
    assert lan.shown() == []
