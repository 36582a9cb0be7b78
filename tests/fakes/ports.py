"""A fake for each of the commander's ports, and all of them together."""

from __future__ import annotations

from collections import defaultdict
from typing import TypedDict, Unpack

import msgspec

from cloud.domain.policy import Policy
from cloud.ports import Clock, Mail, Passwords, Ports, Provider, Randomness, Rates, Sockets, Store
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock, FakeRandomness
from wire.live import ToPage

PUBLIC_URL = "https://rigs.example.test"


class FakePasswords:
    """The port `Passwords`, cheap; `verified` are the hashes that were compared with, None for nobody's."""

    def __init__(self) -> None:
        self.verified: list[str | None] = []

    def hash(self, password: str) -> str:
        return f"hash of {password[::-1]}"

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified.append(password_hash)
        return password_hash == self.hash(password)


class FakeSockets:
    """The port `Sockets`; `sent` are the messages of each connection, those in `gone` take none.

    `closed` are the connections that were ended, in order.
    """

    def __init__(self) -> None:
        self.sent: dict[str, list[bytes]] = defaultdict(list)
        self.gone: set[str] = set()
        self.closed: list[str] = []

    def send(self, connection: str, message: bytes) -> bool:
        if connection in self.gone:
            return False
        self.sent[connection].append(message)
        return True

    def close(self, connection: str) -> None:
        self.closed.append(connection)

    def read(self, connection: str) -> list[ToPage]:
        """What the page of this connection received."""
        return [msgspec.json.decode(message, type=ToPage) for message in self.sent.get(connection, [])]


class Overrides(TypedDict, total=False):
    """The ports that a test brings itself."""

    store: Store
    passwords: Passwords
    sockets: Sockets
    clock: Clock
    randomness: Randomness
    policy: Policy
    public_url: str
    requests: Rates
    mail: Mail
    provider: Provider


def fake_ports(**overrides: Unpack[Overrides]) -> Ports:
    """Ports that are all fakes but for those given."""
    clock = overrides.get("clock", FakeClock())
    return Ports(
        store=overrides.get("store", MemoryStore(clock)),
        passwords=overrides.get("passwords", FakePasswords()),
        sockets=overrides.get("sockets", FakeSockets()),
        clock=clock,
        randomness=overrides.get("randomness", FakeRandomness()),
        policy=overrides.get("policy", Policy()),
        public_url=overrides.get("public_url", PUBLIC_URL),
        requests=overrides.get("requests"),
        mail=overrides.get("mail"),
        provider=overrides.get("provider"),
    )
