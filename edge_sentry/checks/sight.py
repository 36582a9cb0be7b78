"""The port through which checks see the rig, so that a test can show them any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from edge_sentry.service.system import Account, Outcome
from edge_sentry.service.unit import NAME, Service, service_of
from edge_sentry.settings.identity import Identity
from wire.uplink.inquiry import Answer


class Seen(NamedTuple):
    """A process. `user` and `command`, its whole command line, are "" where they may not be known."""

    pid: int
    name: str
    user: str = ""
    command: str = ""


class Open(NamedTuple):
    """A TCP port that accepts connections on `address`; `pid` None where the system keeps it."""

    address: str
    port: int
    pid: int | None


class Readings(NamedTuple):
    """How many sources were read, how many cards there are, and what could not be read: reasons by name."""

    sources: int
    cards: int
    unread: Mapping[str, str]


class Eyes(Protocol):
    """What only the system itself can tell. Each may take long; a check has its own deadline."""

    def run(self, command: Sequence[str]) -> Outcome:
        """A command that changes nothing."""

    def account(self, name: str) -> Account | None:
        """None where there is no such user."""

    def groups(self, user: str) -> frozenset[str] | None:
        """The user's groups; None where there is no such user."""

    def system_groups(self) -> frozenset[str]:
        """All groups of the system."""

    def processes(self) -> tuple[Seen, ...]:
        """Everything that runs."""

    def open_ports(self) -> tuple[Open, ...]:
        """Every TCP port that somebody listens on; raises OSError where the system does not tell."""

    def ours(self, folder: Path) -> frozenset[int]:
        """The processes of the mining programs that the sentry on this folder started."""

    def resolve(self, host: str) -> tuple[str, ...]:
        """Its addresses; raises OSError."""

    def ask(self, identity: Identity) -> Answer:
        """Raises UplinkFailure."""

    def read_sources(self) -> Readings:
        """Runs every collector."""


@dataclass(frozen=True)
class Sight:
    """The rig as checks see it. Files are looked for below `root`; `uid` and `user` are the caller's,
    `program` is what they would type after sudo."""

    folder: Path
    eyes: Eyes
    now: float
    root: Path = Path("/")
    platform: str = "linux"
    uid: int = 0
    user: str = "root"
    python: tuple[int, int, int] = (3, 11, 0)
    version: str = "unknown"
    program: str = "edge-sentry"

    def file(self, path: str) -> Path:
        """Where an absolute path lies."""
        return self.root / path.lstrip("/")

    def text(self, path: str) -> str | None:
        """None where it is not there or may not be read."""
        try:
            return self.file(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None

    @property
    def service(self) -> Service | None:
        """The service as installed under systemd."""
        unit = self.text(f"/etc/systemd/system/{NAME}")
        return None if unit is None else service_of(unit)

    @property
    def agent_user(self) -> str:
        """Who runs the sentry, and so the mining programs."""
        return self.service.user if self.service else self.user
