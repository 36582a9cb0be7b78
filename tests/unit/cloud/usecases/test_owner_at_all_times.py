"""Whatever members do, in whatever order, a farm has an owner and both records of a place agree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cloud.domain.members import member_id
from cloud.domain.policy import Policy
from cloud.usecases.accept_invitation import accept_invitation
from cloud.usecases.change_member import change_member
from cloud.usecases.invite_person import invite_person
from cloud.usecases.join_by_invitation import join_by_invitation
from cloud.usecases.keep_members import find_roll
from cloud.usecases.leave_farm import leave_farm
from cloud.usecases.list_members import list_members
from cloud.usecases.remove_member import remove_member
from tests.fakes.world import OWNER, PASSWORD, World
from tests.unit.cloud.usecases.seats import ANN, BOB, EVE, places, secret_of
from wire.faults import Fault
from wire.people import InvitationRequest, Joining, MemberChange, Role

MOST = 4
person = st.sampled_from([OWNER, ANN, BOB, EVE])
owner = st.sampled_from([OWNER, ANN, BOB])
role = st.sampled_from([Role.OWNER, Role.OPERATOR, Role.VIEWER])
clients = st.sampled_from([None, ("Ann",)])


class Members(RuleBasedStateMachine):
    """Each step is one request, or two at once: `meanwhile` is carried out just before the other's write."""

    @initialize()
    def found(self) -> None:
        self.world = World()
        self.world.ports = replace(self.world.ports, policy=Policy(members_per_farm_max=MOST))
        self.farm = self.world.farm().farm
        self.secrets: list[str] = []
        self.later: Callable[[], None] | None = None
        for email in (ANN, BOB):
            self.invite(OWNER, Role.OWNER, None, email)
            self.join(email, 1)

    def _do(self, request: Callable[[], object]) -> None:
        """Refusals are answers too; what they leave is seen by the invariants."""
        if self.later is not None:
            self.world.store.interruptions = [self.later]
            self.later = None
        with suppress(Fault):
            request()
        self.world.store.interruptions = []

    @rule(asking=owner, role=role, clients=clients, email=st.none() | person)
    def invite(self, asking: str, role: Role, clients: tuple[str, ...] | None, email: str | None) -> None:
        def request() -> None:
            wanted = InvitationRequest(role, clients, email)
            self.secrets.append(secret_of(invite_person(self.world.ports, self.farm, asking, wanted)))

        self._do(request)

    @rule(asking=person, back=st.integers(1, 2))
    def accept(self, asking: str, back: int) -> None:
        self._do(lambda: accept_invitation(self.world.ports, asking, self.secrets[-back]))

    @rule(asking=person, back=st.integers(1, 2))
    def join(self, asking: str, back: int) -> None:
        self.world.clock.advance(60)
        joining = Joining(self.secrets[-back], asking, PASSWORD)
        self._do(lambda: join_by_invitation(self.world.ports, joining))

    @rule(asking=owner, whom=person, change=st.builds(MemberChange, role, clients))
    def change(self, asking: str, whom: str, change: MemberChange) -> None:
        self._do(lambda: change_member(self.world.ports, self.farm, asking, member_id(whom), change))

    @rule(asking=owner, whom=person)
    def remove(self, asking: str, whom: str) -> None:
        self._do(lambda: remove_member(self.world.ports, self.farm, asking, member_id(whom)))

    @rule(asking=person)
    def leave(self, asking: str) -> None:
        self._do(lambda: leave_farm(self.world.ports, self.farm, asking))

    @rule(whom=owner, asking=owner)
    def meanwhile(self, whom: str, asking: str) -> None:
        """The next request's first write finds that somebody has just been removed, or has left."""

        def removed() -> None:
            with suppress(Fault):
                remove_member(self.world.ports, self.farm, asking, member_id(whom))

        self.later = removed

    @invariant()
    def there_is_an_owner(self) -> None:
        assert Role.OWNER in {place.role for place in places(self.world, self.farm).values()}

    @invariant()
    def no_owner_is_limited(self) -> None:
        seats = places(self.world, self.farm).values()
        assert all(seat.clients is None for seat in seats if seat.role is Role.OWNER)

    @invariant()
    def there_are_not_too_many(self) -> None:
        listed = list_members(self.world.ports, self.farm, OWNER)
        assert len(listed.members) + len(listed.invitations) <= MOST
        assert len(listed.members) == len(find_roll(self.world.ports, self.farm, OWNER).members)


TestMembers = Members.TestCase
TestMembers.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
