"""The ports `Signer` and `Documents`, in memory."""

from __future__ import annotations

from collections.abc import Callable

from cloud.domain.signing import Signed, SignedAddress
from cloud.ports import StoreUnavailable
from edge_sentry.playbooks.belief import Accepted, Believed, Rig, believed
from tests.fakes.signed import SigningKey
from tests.fakes.time_and_chance import FakeClock
from tests.fakes.world import Sentry, World


class FakeSigner:
    """Keys by their numbers: each rotation is one more. `fails`: it cannot be reached."""

    def __init__(self) -> None:
        self.number = 1
        self.fails = False
        self.switches = True
        """Whether a switch happens, or the power goes before it."""
        self.signatures = 0

    def public_key(self) -> bytes:
        return SigningKey(self.number).public

    def sign(self, content: bytes) -> Signed:
        if self.fails:
            raise StoreUnavailable("no key today")
        self.signatures += 1
        return Signed(self.public_key(), SigningKey(self.number).sign(content))

    def next_key(self) -> bytes:
        return SigningKey(self.number + 1).public

    def switch(self) -> None:
        if not self.switches:
            raise StoreUnavailable("the power is gone")
        self.number += 1


class FakeDocuments:
    """Documents by farm and machine. `fails`: nothing can be placed; `before`: what happens just before."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.bodies: dict[tuple[str, str], bytes] = {}
        self.fails = False
        self.before: Callable[[], object] = lambda: None

    def place(self, farm: str, machine: str, body: bytes) -> None:
        self.before()
        if self.fails:
            raise StoreUnavailable("no room today")
        self.bodies[farm, machine] = body

    def remove(self, farm: str, machine: str) -> None:
        self.bodies.pop((farm, machine), None)

    def address(self, farm: str, machine: str) -> SignedAddress:
        return SignedAddress(f"https://documents.test/{farm}/{machine}?signature=s", self._clock() + 86_400)


class Signing:
    """A world whose commander signs, with what its rigs make of it."""

    def __init__(self, world: World) -> None:
        self.signer = FakeSigner()
        self.documents = FakeDocuments(world.clock)
        self.world = world
        world.sign_with(self.signer, self.documents)

    def believed(
        self, sentry: Sentry, accepted: tuple[int, int] = (0, 0), *, key: bytes | None = None
    ) -> Believed:
        """What a rig with this pinned key, by default the first, believes of what lies there."""
        body = self.documents.bodies[sentry.farm, sentry.machine]
        rig = Rig(sentry.farm, sentry.machine, key or SigningKey(1).public)
        return believed(body, rig, Accepted(*accepted), self.world.clock())
