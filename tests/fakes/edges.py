"""ASIC edges at a commander in memory, and what they tell of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent, Arrival
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.settle_errands import settle_errands
from cloud.usecases.store_edge import store_edge
from tests.fakes.reports import NOW, enrolment
from tests.fakes.world import Farm, World
from wire.edge import EdgeState, ErrandResult, FoundDevice, GivenErrand, SearchState
from wire.messages import AgentKind, Report


class Edge(NamedTuple):
    """An ASIC edge and its token."""

    farm: str
    agent: str
    token: str

    def principal(self, world: World) -> AgentPrincipal:
        return authorise_agent(world.ports, f"Bearer {self.token}")

    def record(self, world: World) -> Agent:
        """As it stands in the store."""
        return world.store.items[keys.agent(self.farm, self.agent)].read(Agent)

    def enrol(self, world: World) -> None:
        enrol_agent(world.ports, self.principal(world), enrolment(AgentKind.ASIC))

    def tell(
        self,
        world: World,
        state: EdgeState,
        *,
        epoch: int = 1,
        sequence: int = 1,
        goodbye: bool = False,
        interval_s: float = 60,
        asked_s: float = 60,
    ) -> tuple[GivenErrand, ...]:
        """What comes of a report of it about itself alone: the errands of the answer."""
        now = world.ports.clock()
        report = Report(epoch, sequence, now, interval_s, (), goodbye, edge=state)
        store_edge(world.ports, Arrival(self.farm, now, False, report, asked_s, self.agent))
        return settle_errands(world.ports, self.principal(world), state.errands_done, now)


def new_edge(world: World, farm: Farm, name: str = "shed") -> Edge:
    """One that has not enrolled yet."""
    made = create_agent(world.ports, farm.farm, name, AgentKind.ASIC)
    return Edge(farm.farm, made.agent.agent, made.token)


def edge_state(
    done: int = 0,
    *,
    results: Sequence[ErrandResult] = (),
    found: Sequence[FoundDevice] | None = None,
    searching: int | None = None,
    trouble: Sequence[str] = (),
) -> EdgeState:
    """Of an edge that reads two devices; `searching`: the errand of a search under way."""
    search = None if searching is None else SearchState(searching, "running", NOW, 10, 254, 2, 0)
    return replace(
        EdgeState(devices=2, reads=2, elsewhere=0, refused=0, round_s=60),
        errands_done=done,
        search=search,
        found=None if found is None else tuple(found),
        results=tuple(results),
        trouble=tuple(trouble),
    )
