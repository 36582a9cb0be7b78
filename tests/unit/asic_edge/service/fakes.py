"""A system with a few users and a systemd that does as it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from asic_edge.service.system import Account, Outcome


@dataclass
class FakeSystem:
    """The port `System`. `failing` holds parts of commands that fail, with what they say."""

    admin: bool = True
    programs: set[str] = field(default_factory=lambda: {"systemctl"})
    accounts: dict[str, Account] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    given: list[tuple[Path, str]] = field(default_factory=list)
    active: bool = False

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
        if command[0] == "useradd":
            self.accounts[command[-1]] = Account(command[-1], 990, 990)
        if command[:2] == ("systemctl", "is-active"):
            return Outcome(0 if self.active else 3)
        return Outcome(0)

    def account(self, name: str) -> Account | None:
        return self.accounts.get(name)

    def give(self, folder: Path, account: Account) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.given.append((folder, account.name))
