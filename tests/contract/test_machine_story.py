"""A machine that works, falls silent, is deleted, restored and erased: the same story on every store."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.permissions import VIEW
from cloud.domain.policy import DAY_S
from cloud.domain.records import Agent, Standing
from cloud.ports import Ports, Store, every
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.change_farm import change_farm_settings
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import empty_bin
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.list_bin import list_bin
from cloud.usecases.list_events import list_events
from cloud.usecases.list_machines import list_machines
from cloud.usecases.note_silence import standings
from cloud.usecases.open_socket import open_socket
from cloud.usecases.renew_socket import look_at
from cloud.usecases.renew_token import renew_token
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.show_history import SPANS, show_history
from cloud.usecases.show_machine import show_machine
from cloud.usecases.sign_in import sign_in
from cloud.usecases.sweep_farms import sweep_farms
from tests.fakes.ports import fake_ports
from tests.fakes.reports import NOW, SPECS, block, enrolment, report
from tests.fakes.time_and_chance import FakeClock
from tests.fakes.world import ALL, Sentry
from wire.faults import Fault
from wire.live import FarmSettings, Labels, MachineChange, ParkedFor, Parking, Transition
from wire.messages import AgentKind, Mining, ReportReply, Specs, Unread


class Commander:
    """Two farms with a few rigs, on the store under test."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.clock, self.ports = clock, fake_ports(store=store, clock=clock)
        self.farm = create_owner(self.ports, "owner@example.test", "a good password", "North")
        south = create_owner(self.ports, "south@example.test", "a good password", "South")
        self.ours = [self._sentry(self.farm, f"rig-{number}") for number in range(3)]
        self.theirs = self._sentry(south, "theirs")

    def _sentry(self, farm: str, name: str) -> Sentry:
        made = create_agent(self.ports, farm, name, AgentKind.CPU_GPU)
        sentry = Sentry(farm, made.agent.agent, made.agent.machine or "", made.token)
        principal = authorise_agent(self.ports, sentry.bearer)
        enrol_agent(self.ports, principal, enrolment(hardware=[f"mac {name}"]))
        return sentry

    def report(self, sentry: Sentry, sequence: int) -> ReportReply:
        now = self.clock.now
        sent = report(
            sentry.machine,
            [now - 10, now],
            blocks=[block([now - 50_000 + sequence]), block([now - 100, now - 90])],
            sequence=sequence,
            specs=SPECS,
            unread=[Unread("cpu_temperature_c", "no sensor")],
            mining=[Mining("RandomX", 9000.5, "H/s", "XMR")],
        )
        return accept_report(self.ports, authorise_agent(self.ports, sentry.bearer), sent)

    def sweep(self, later_s: float) -> None:
        self.clock.advance(later_s)
        sweep_farms(self.ports)

    def events(self, machine: str | None = None, farm: str = "") -> list[tuple[str, Transition | None]]:
        found: list[tuple[str, Transition | None]] = []
        after = None
        while True:
            page = list_events(self.ports, farm or self.farm, machine, after, 2, ALL)
            found += [(event.machine, event.state) for event in page.events]
            if page.next is None:
                return found
            after = page.next

    def silent(self) -> set[str]:
        found = standings(self.ports, self.farm).values()
        return {machine for item in found for machine in item.read(Standing).silent}


@pytest.fixture
def commander(store: Store, clock: FakeClock) -> Commander:
    return Commander(store, clock)


def stored_of(ports: Ports, sentry: Sentry) -> set[str]:
    """Where anything of a machine lies, by the partitions that may hold it."""
    farm, machine = sentry.farm, sentry.machine
    partitions = [
        keys.farm_pk(farm),
        keys.latest(farm, machine).pk,
        keys.history_pk(farm, machine),
        keys.events_pk(farm),
        keys.standing_pk(farm),
    ]
    found = (item for pk in partitions for item in every(ports.store, pk, "!", "~"))
    names = (sentry.machine, sentry.agent)
    return {
        f"{item.key}"
        for item in found
        if any(name in f"{item.key}" or name.encode() in item.body for name in names)
    }


def test_silence_is_noted_once_and_paged_newest_first(commander: Commander) -> None:
    first, second, third = commander.ours
    for sentry in (*commander.ours, commander.theirs):
        commander.report(sentry, 1)
    for later_s in (100, 100, 100):
        commander.sweep(later_s)
    commander.report(first, 2)
    commander.sweep(10)
    commander.sweep(10)
    of_first = [(first.machine, Transition.ONLINE), (first.machine, Transition.OFFLINE)]
    assert commander.events(first.machine) == of_first
    assert commander.events()[0] == of_first[0]
    offline = {(sentry.machine, Transition.OFFLINE) for sentry in commander.ours}
    assert set(commander.events()[1:]) == offline
    assert len(commander.events()) == 4
    assert commander.silent() == {second.machine, third.machine}
    assert len(commander.events(farm=commander.theirs.farm)) == 1


def test_what_fell_silent_stays_in_the_charts(commander: Commander) -> None:
    sentry = commander.ours[0]
    commander.report(sentry, 1)
    commander.sweep(1000)
    commander.clock.now = NOW + 9 * DAY_S
    shown = show_history(commander.ports, sentry.farm, sentry.machine, SPANS["30d"])
    # A late block, two samples and the first of the block under way, and the other beyond the hour.
    assert shown.values["cpu_load_pct"] == [10.0, pytest.approx(31 / 3), 11.0]
    commander.clock.now = NOW + 120 * DAY_S
    shown = show_history(commander.ports, sentry.farm, sentry.machine, SPANS["1y"])
    assert shown.values["cpu_load_pct"] == [10.0, 10.5]


def test_deleted_restored_and_erased(commander: Commander) -> None:
    ports, (goes, stays, _) = commander.ports, commander.ours
    change = MachineChange("barn 7", "row 7", ("quiet",), "Ann", Parking(ParkedFor.SPARE))
    change_machine(ports, goes.farm, goes.machine, change, ALL)
    for sentry in (goes, stays, commander.theirs):
        commander.report(sentry, 1)
    commander.sweep(1000)
    before = show_machine(ports, goes.farm, goes.machine, ALL)
    kept = stored_of(ports, stays), stored_of(ports, commander.theirs)

    delete_agent(ports, goes.farm, goes.agent)
    with pytest.raises(Fault, match="restored"):
        commander.report(goes, 2)
    assert [row.name for row in list_bin(ports, goes.farm).binned] == ["barn 7"]
    restore_agent(ports, goes.farm, goes.agent)
    assert show_machine(ports, goes.farm, goes.machine, ALL) == before
    assert before.labels.place == "row 7"
    assert commander.report(goes, 2).sequence == 2

    delete_agent(ports, goes.farm, goes.agent)
    commander.sweep(7 * DAY_S - 1)
    assert len(stored_of(ports, goes)) > 5
    commander.sweep(1)
    assert stored_of(ports, goes) == {f"{keys.agent(goes.farm, goes.agent)}"}
    item = ports.store.get(keys.agent(goes.farm, goes.agent))
    assert item is not None
    assert item.read(Agent).erased_at == commander.clock.now
    assert (stored_of(ports, stays), stored_of(ports, commander.theirs)) == kept
    assert {machine for machine, _ in commander.events()} == {stays.machine}
    empty_bin(ports, goes.farm)
    assert list_bin(ports, goes.farm).binned == []


def test_a_clone_is_named_and_a_token_renewed(commander: Commander) -> None:
    ports, sentry = commander.ports, commander.ours[0]
    clone = report(sentry.machine, specs=Specs(hostname="twin", hardware=("mac x",)))
    with pytest.raises(Fault) as caught:
        accept_report(ports, authorise_agent(ports, sentry.bearer), clone)
    assert caught.value.code == "another_machine"
    item = ports.store.get(keys.agent(sentry.farm, sentry.agent))
    assert item is not None
    agent = item.read(Agent)
    assert agent.stranger is not None
    assert agent.stranger.hostname == "twin"
    renewed = sentry._replace(token=renew_token(ports, sentry.farm, sentry.agent).token)
    with pytest.raises(Fault) as caught:
        authorise_agent(ports, sentry.bearer)
    assert caught.value.code == "token_wrong"
    assert authorise_agent(ports, renewed.bearer).agent.stranger is None


def test_a_farms_pace_and_what_is_looked_at(commander: Commander) -> None:
    ports, (seen, unseen, _) = commander.ports, commander.ours
    change_farm_settings(ports, seen.farm, FarmSettings(report_interval_s=360))
    cookie = sign_in(ports, "owner@example.test", "a good password")
    open_socket(ports, "c1", issue_ticket(ports, authorise_person(ports, Proof(cookie), VIEW)).ticket)
    assert look_at(ports, "c1", [seen.machine])
    assert commander.report(seen, 1).report_interval_s == 5
    assert commander.report(unseen, 1).report_interval_s == 360
    commander.clock.advance(90)
    assert commander.report(seen, 2).report_interval_s == 360
    page = list_machines(ports, seen.farm, None, 10, ALL)
    assert page.labels == [Labels()] * 3
    assert page.live.mining[0] == (Mining("RandomX", 9000.5, "H/s", "XMR"),)
    assert page.live.interval_s == [360, 360, None]
