"""Rigs that take what is signed for them, and tell of it, for the tests of rollouts."""

from __future__ import annotations

from msgspec.structs import replace

from cloud.domain import keys
from cloud.domain.rig_work import Work
from tests.fakes.signing import Signing
from tests.fakes.world import Farm, Sentry, World
from tests.unit.cloud.usecases.book import filled_book
from tests.unit.cloud.usecases.news import news
from wire.assignments import AssignmentState, Step, StepState
from wire.messages import Program


class Crew:
    """A farm's rigs, and its playbook Monero."""

    def __init__(self, world: World, farm: Farm, rigs: int) -> None:
        self.world, self.farm, self.signing = world, farm, Signing(world)
        self.rigs = [world.sentry(farm, f"rig-{number}") for number in range(rigs)]
        self.ids = filled_book(world, farm)
        self.playbook = self.ids.playbook
        self._sequence = 0

    @property
    def machines(self) -> tuple[str, ...]:
        return tuple(rig.machine for rig in self.rigs)

    def work(self, rig: Sentry) -> Work:
        item = self.world.store.items.get(keys.work(rig.farm, rig.machine))
        return item.read(Work) if item else Work(rig.machine)

    def wanted(self) -> list[int | None]:
        """The version of Monero that each rig is to run."""
        return [self.work(rig).wanted.get(self.playbook) for rig in self.rigs]

    def takes(
        self, rig: Sentry, *, shares: int | None = None, running_s: float = 30, fails: str = ""
    ) -> None:
        """The rig tells that it runs what lies there, or why it cannot, and what shares it had."""
        work = self.work(rig)
        state = AssignmentState(work.epoch, work.revision)
        if fails:
            step = Step("download", StepState.FAILED, self.playbook, fails)
            state = AssignmentState(0, 0, work.revision, (step,))
        program = Program(self.playbook, "xmrig", "running", running_s=running_s, accepted=shares)
        self._tell(rig, state, () if shares is None else (program,))

    def is_online(self, rig: Sentry) -> None:
        """The rig reports, and has accepted nothing yet."""
        self._tell(rig, AssignmentState(0, 0), ())

    def _tell(self, rig: Sentry, state: AssignmentState, programs: tuple[Program, ...]) -> None:
        self._sequence += 1
        sent = news(rig.machine, self._sequence, at=self.world.clock())
        part = replace(sent.machines[0], assignment=state, programs=programs)
        self.world.report(rig, replace(sent, machines=(part,)))
