"""Two edges tell of one hall, one is deleted and comes back, a device leaves: the same on every store."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.policy import DAY_S
from cloud.domain.records import Machine
from cloud.ports import Store, every
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import empty_bin
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.register_roster import register_roster
from cloud.usecases.restore_agent import restore_agent
from tests.fakes.ports import fake_ports
from tests.fakes.reports import enrolment
from tests.fakes.rosters import entry, machines_of, reads, telling
from tests.fakes.time_and_chance import FakeClock
from wire.edge import RosterEntry, RosterReply
from wire.messages import AgentKind

COUNT = 70


class Hall:
    """A farm with two edges, on the store under test."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.ports = fake_ports(store=store, clock=clock)
        self.farm = create_owner(self.ports, "owner@example.test", "a good password", "North")
        self.tokens: dict[str, str] = {}
        self.one, self.two = self._edge("one"), self._edge("two")

    def _edge(self, name: str) -> str:
        made = create_agent(self.ports, self.farm, name, AgentKind.ASIC)
        principal = authorise_agent(self.ports, f"Bearer {made.token}")
        enrol_agent(self.ports, principal, enrolment(AgentKind.ASIC))
        self.tokens[made.agent.agent] = made.token
        return made.agent.agent

    def tell(self, agent: str, *entries: RosterEntry) -> RosterReply:
        principal = authorise_agent(self.ports, f"Bearer {self.tokens[agent]}")
        return register_roster(self.ports, principal, telling(entries, 0, 1))

    def listed(self) -> dict[str, str]:
        """Who reads each machine."""
        prefix = keys.MACHINE_PREFIX
        found = every(self.ports.store, keys.farm_pk(self.farm), prefix, prefix + "~")
        return {machine.machine: machine.agent for machine in (item.read(Machine) for item in found)}


def test_the_story(store: Store, clock: FakeClock) -> None:
    hall = Hall(store, clock)
    entries = [entry(number, serial=f"S{number}") for number in range(1, COUNT + 1)]
    first = hall.tell(hall.one, *entries)
    assert hall.listed() == dict.fromkeys(machines_of(first).values(), hall.one)
    assert set(reads(hall.tell(hall.two, *entries[:60])).values()) == {False}

    delete_agent(hall.ports, hall.farm, hall.one)
    assert hall.listed() == {}
    taken = hall.tell(hall.two, *entries[:60])
    assert (machines_of(taken), set(reads(taken).values())) == (
        {number: machine for number, machine in machines_of(first).items() if number <= 60},
        {True},
    )
    restore_agent(hall.ports, hall.farm, hall.one)
    readers = hall.listed()
    assert [readers[machines_of(first)[number]] for number in (1, 60, 61, COUNT)] == [
        hall.two,
        hall.two,
        hall.one,
        hall.one,
    ]

    hall.tell(hall.one, *entries[:-1])
    clock.advance(7 * DAY_S)
    empty_bin(hall.ports, hall.farm)
    last = hall.tell(hall.one, *entries)
    assert len(hall.listed()) == COUNT
    assert machines_of(last)[COUNT] != machines_of(first)[COUNT]
    assert machines_of(last)[COUNT - 1] == machines_of(first)[COUNT - 1]
