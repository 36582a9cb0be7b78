"""The port to what a service needs of the system: rights, accounts, commands and running programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

NOT_RUN = 127


class Outcome(NamedTuple):
    """How a command ended. `status` is `NOT_RUN` where it could not be run; `output` is both streams."""

    status: int
    output: str = ""

    @property
    def good(self) -> bool:
        """Whether it did what it should."""
        return self.status == 0


class Account(NamedTuple):
    """A user of the system."""

    name: str
    uid: int
    gid: int


class Mining(NamedTuple):
    """A mining program that the sentry started."""

    playbook: str
    pid: int


class System(Protocol):
    """The machine, as its administrator sees it. No method raises but `give`, OSError."""

    def is_admin(self) -> bool:
        """Whether services may be changed."""

    def finds(self, program: str) -> bool:
        """Whether there is such a command."""

    def run(self, command: Sequence[str], account: Account | None = None) -> Outcome:
        """To its end, as `account` where one is given."""

    def account(self, name: str) -> Account | None:
        """None where there is no such user."""

    def has_group(self, name: str) -> bool:
        """Whether there is such a group."""

    def give(self, folder: Path, account: Account) -> None:
        """Makes the folder and everything in it the account's alone."""

    def own_folders(self) -> tuple[Path, ...]:
        """Where a sentry of the person who calls keeps its files by default."""

    def mining(self, folder: Path) -> tuple[Mining, ...]:
        """The programs that run from this data folder."""
