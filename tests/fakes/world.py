"""A commander in memory, with farms, people and agents to try things on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from cloud.domain import keys
from cloud.domain.keys import Key
from cloud.domain.packing import unpack
from cloud.domain.permissions import VIEW, Seat
from cloud.domain.principals import AgentPrincipal, PersonPrincipal
from cloud.domain.records import Agent, ClosedBlock, Latest, Machine, Record, Rollup
from cloud.ports import Documents, Item, Signer
from cloud.usecases.accept_report import accept_report
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.list_audit import every_line
from cloud.usecases.list_events import list_events
from cloud.usecases.open_socket import open_socket
from cloud.usecases.renew_socket import look_at
from cloud.usecases.sign_in import sign_in
from cloud.usecases.sweep_farms import sweep_farms
from tests.fakes.ports import FakePasswords, FakeSockets, fake_ports
from tests.fakes.reports import enrolment
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock, FakeRandomness
from wire.live import MachineEvent
from wire.messages import AgentKind, Block, EnrolmentReply, Report, ReportReply
from wire.people import AuditLine, Role

PASSWORD = "long-enough-word"
OWNER = "owner@example.test"
ALL = Seat(Role.OWNER)
"""Who sees the whole farm."""


class Farm(NamedTuple):
    """A farm and the cookie of its signed-in owner."""

    farm: str
    email: str
    cookie: str


class Sentry(NamedTuple):
    """An agent with its machine and its token."""

    farm: str
    agent: str
    machine: str
    token: str

    @property
    def bearer(self) -> str:
        return f"Bearer {self.token}"


class World:
    """Fakes for all ports, and short ways to what most tests begin with."""

    def __init__(self, *, page_max: int = 1_000_000) -> None:
        self.clock = FakeClock()
        self.store = MemoryStore(self.clock, page_max=page_max)
        self.passwords = FakePasswords()
        self.sockets = FakeSockets()
        self.ports = fake_ports(
            store=self.store,
            passwords=self.passwords,
            sockets=self.sockets,
            clock=self.clock,
            randomness=FakeRandomness(),
        )

    def sign_with(self, signer: Signer, documents: Documents) -> None:
        """From now on rigs are signed for."""
        self.ports = replace(self.ports, signer=signer, documents=documents)

    def farm(self, name: str = "North", email: str = OWNER) -> Farm:
        farm = create_owner(self.ports, email, PASSWORD, name)
        return Farm(farm, email, sign_in(self.ports, email, PASSWORD))

    def person(self, farm: Farm) -> PersonPrincipal:
        return authorise_person(self.ports, Proof(farm.cookie, farm=farm.farm), VIEW)

    def sentry(self, farm: Farm, name: str = "rig-1") -> Sentry:
        made = create_agent(self.ports, farm.farm, name, AgentKind.CPU_GPU)
        assert made.agent.machine is not None
        return Sentry(farm.farm, made.agent.agent, made.agent.machine, made.token)

    def principal(self, sentry: Sentry) -> AgentPrincipal:
        return authorise_agent(self.ports, sentry.bearer)

    def agent(self, sentry: Sentry) -> Agent:
        """The agent's record as it stands."""
        return self.store.items[keys.agent(sentry.farm, sentry.agent)].read(Agent)

    def report(self, sentry: Sentry, report: Report) -> ReportReply:
        return accept_report(self.ports, self.principal(sentry), report)

    def watch(self, farm: Farm, connection: str) -> None:
        """A page of the farm opens a socket."""
        open_socket(self.ports, connection, issue_ticket(self.ports, self.person(farm)).ticket)

    def look(self, connection: str, *machines: str) -> bool:
        """A page says which machines are on its screen."""
        return look_at(self.ports, connection, machines)

    def enrol(self, sentry: Sentry, hardware: Sequence[str] = ()) -> EnrolmentReply:
        return enrol_agent(self.ports, self.principal(sentry), enrolment(hardware=hardware))

    def sweep(self) -> None:
        """One round of what time alone does."""
        sweep_farms(self.ports)

    def events(self, farm: str, machine: str | None = None) -> list[MachineEvent]:
        """All events of a farm or a machine, oldest first."""
        page = list_events(self.ports, farm, machine, None, 200, ALL)
        found = page.events
        while page.next is not None:
            page = list_events(self.ports, farm, machine, page.next, 200, ALL)
            found += page.events
        return found[::-1]

    def latest(self, sentry: Sentry) -> Latest:
        return self.store.items[keys.latest(sentry.farm, sentry.machine)].read(Latest)

    def open(self, sentry: Sentry) -> Block:
        """The block under way."""
        return unpack(self.latest(sentry).open)

    def blocks(self, sentry: Sentry) -> list[Block]:
        """All closed blocks of the sentry's machine, by time."""
        found = self._history(sentry, keys.BLOCK_PREFIX)
        return [unpack(item.read(ClosedBlock).packed) for item in found]

    def rollups(self, sentry: Sentry, prefix: str) -> list[Rollup]:
        """The hours or days of the sentry's machine, by time."""
        return [item.read(Rollup) for item in self._history(sentry, prefix)]

    def _history(self, sentry: Sentry, prefix: str) -> list[Item]:
        pk, items = keys.history_pk(sentry.farm, sentry.machine), self.store.items
        return [items[key] for key in sorted(items) if key.pk == pk and key.sk.startswith(prefix)]

    def kept(self) -> dict[Key, Item]:
        """Every stored item, but those of audit logs."""
        return {key: item for key, item in self.store.items.items() if not key.pk.endswith("#audit")}

    def audit(self, farm: str | None) -> list[AuditLine]:
        """The log of a farm, or the commander's own (None), oldest first."""
        return list(every_line(self.store, farm))

    def kinds(self) -> list[str]:
        """The kind of each stored item, sorted."""
        return sorted(item.kind for item in self.store.items.values())


def kind(record: type[Record]) -> str:
    """What `Item.of` calls a record of this type."""
    return record.__name__.lower()


MACHINE_KIND = kind(Machine)
