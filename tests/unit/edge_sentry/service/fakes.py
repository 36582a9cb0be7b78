"""A system with a few users and a systemd that does as it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from edge_sentry.service.system import Account, Mining, Outcome


@dataclass
class FakeSystem:
    """The port `System`. `failing` holds beginnings of commands that fail, with what they say."""

    admin: bool = True
    programs: set[str] = field(default_factory=lambda: {"systemctl"})
    accounts: dict[str, Account] = field(default_factory=dict)
    groups: set[str] = field(default_factory=lambda: {"video", "render"})
    failing: dict[str, str] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()
    mined: dict[Path, tuple[Mining, ...]] = field(default_factory=dict)
    active: bool = False
    commands: list[str] = field(default_factory=list)
    given: list[tuple[Path, str]] = field(default_factory=list)

    def is_admin(self) -> bool:
        return self.admin

    def finds(self, program: str) -> bool:
        return program in self.programs

    def run(self, command: Sequence[str], account: Account | None = None) -> Outcome:
        line = " ".join(command)
        self.commands.append(line if account is None else f"[{account.name}] {line}")
        for beginning, output in self.failing.items():
            if beginning in line:
                return Outcome(1, output)
        return self._done(command)

    def _done(self, command: Sequence[str]) -> Outcome:
        if command[0] == "useradd":
            self.accounts[command[-1]] = Account(command[-1], 990, 990)
        elif command[0] == "userdel":
            del self.accounts[command[-1]]
        elif command[:2] == ("systemctl", "is-active"):
            return Outcome(0 if self.active else 3)
        elif command[0] == "systemctl":
            self.active = {"restart": True, "stop": False, "disable": False}.get(command[1], self.active)
        return Outcome(0)

    def account(self, name: str) -> Account | None:
        return self.accounts.get(name)

    def has_group(self, name: str) -> bool:
        return name in self.groups

    def give(self, folder: Path, account: Account) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.given.append((folder, account.name))

    def own_folders(self) -> tuple[Path, ...]:
        return self.folders

    def mining(self, folder: Path) -> tuple[Mining, ...]:
        return self.mined.get(folder, ())
