"""A rig that shows what a test wants: files below a temporary root, everything else from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from edge_sentry.checks.sight import Open, Readings, Seen, Sight
from edge_sentry.service.system import Account, Outcome
from edge_sentry.service.unit import Service, text
from edge_sentry.settings.identity import Identity
from wire.uplink.failure import UplinkFailure
from wire.uplink.inquiry import Answer

NOW = 1_800_000_000.0


@dataclass
class FakeEyes:
    """The port `Eyes`. A command that is not in `outcomes` fails."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    memberships: dict[str, frozenset[str]] = field(default_factory=dict)
    all_groups: frozenset[str] = frozenset({"video", "render", "root"})
    seen: tuple[Seen, ...] = ()
    ports: tuple[Open, ...] | OSError = ()
    own: frozenset[int] = frozenset()
    addresses: tuple[str, ...] | OSError = ("192.0.2.7",)
    answer: Answer | UplinkFailure = field(default_factory=lambda: Answer(encrypted=True, offset_s=0.2))
    readings: Readings = field(default_factory=lambda: Readings(9, 2, {}))

    def run(self, command: Sequence[str]) -> Outcome:
        return self.outcomes.get(" ".join(command[:2]), Outcome(1))

    def account(self, name: str) -> Account | None:
        return self.accounts.get(name)

    def groups(self, user: str) -> frozenset[str] | None:
        return self.memberships.get(user)

    def system_groups(self) -> frozenset[str]:
        return self.all_groups

    def processes(self) -> tuple[Seen, ...]:
        return self.seen

    def open_ports(self) -> tuple[Open, ...]:
        if isinstance(self.ports, OSError):
            raise self.ports
        return self.ports

    def ours(self, folder: Path) -> frozenset[int]:
        return self.own

    def resolve(self, host: str) -> tuple[str, ...]:
        if isinstance(self.addresses, OSError):
            raise self.addresses
        return self.addresses

    def ask(self, identity: Identity) -> Answer:
        if isinstance(self.answer, UplinkFailure):
            raise self.answer
        return self.answer

    def read_sources(self) -> Readings:
        return self.readings


@dataclass
class Rig:
    """Files and eyes of one rig; `sight()` is what a check gets."""

    root: Path
    eyes: FakeEyes = field(default_factory=FakeEyes)

    @property
    def folder(self) -> Path:
        return self.root / "lib" / "edge-sentry"

    def put(self, files: Mapping[str, str]) -> None:
        """Absolute paths and their content."""
        for path, content in files.items():
            place = self.root / path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content)

    def card(self, address: str, vendor: str) -> None:
        """A graphics card on the PCI bus."""
        device = f"/sys/bus/pci/devices/{address}"
        self.put({f"{device}/vendor": f"{vendor}\n", f"{device}/class": "0x030000\n"})

    def install(self, user: str = "edge-sentry", groups: tuple[str, ...] = ()) -> None:
        """The service, and the user that runs it, who is the owner of this test's files."""
        owner = self.root.stat()
        self.eyes.accounts[user] = Account(user, owner.st_uid, owner.st_gid)
        service = Service(Path("/opt/edge-sentry/bin/python"), user, self.folder, groups)
        self.put({"/etc/systemd/system/edge-sentry.service": text(service), "/run/systemd/system/x": ""})

    def sight(self, **changes: object) -> Sight:
        """As the user `owner`, who owns this test's files."""
        owner = self.root.stat().st_uid
        sight = Sight(self.folder, self.eyes, NOW, root=self.root, uid=owner, user="owner")
        return replace(sight, **changes)  # type: ignore[arg-type]
