"""What a service needs of the system: rights, accounts, commands; and the system itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

NOT_RUN = 127
_BEARABLE_S = 60.0


class Outcome(NamedTuple):
    """How a command ended; `output` is both streams."""

    status: int
    output: str = ""

    @property
    def good(self) -> bool:
        """Whether it did what it should."""
        return self.status == 0

    @property
    def last_line(self) -> str:
        """Mostly the reason."""
        lines = self.output.strip().splitlines()
        return lines[-1] if lines else "no reason given."


class Account(NamedTuple):
    """A user of the system."""

    name: str
    uid: int
    gid: int


class System(Protocol):
    """The computer, as its administrator sees it. Only `give` raises, OSError."""

    def is_admin(self) -> bool:
        """Whether services may be changed."""

    def finds(self, program: str) -> bool:
        """Whether there is such a command."""

    def run(self, command: Sequence[str], account: Account | None = None) -> Outcome:
        """To its end, as `account` where one is given."""

    def account(self, name: str) -> Account | None:
        """None where there is no such user."""

    def give(self, folder: Path, account: Account) -> None:
        """Makes the folder and everything in it the account's alone."""


class ThisComputer:
    """The port `System`."""

    def is_admin(self) -> bool:
        return sys.platform != "win32" and os.geteuid() == 0

    def finds(self, program: str) -> bool:
        return shutil.which(program) is not None

    def run(self, command: Sequence[str], account: Account | None = None) -> Outcome:
        """Nothing of the caller's environment reaches another account."""
        other = {} if account is None else {"PATH": os.defpath, "HOME": "/"}
        try:
            done = subprocess.run(  # noqa: S603 - commands of ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_BEARABLE_S,
                check=False,
                text=True,
                errors="replace",
                cwd="/" if account else None,
                env=other or None,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return Outcome(NOT_RUN, str(error))
        return Outcome(done.returncode, done.stdout)

    def account(self, name: str) -> Account | None:
        if sys.platform == "win32":
            return None
        import pwd  # noqa: PLC0415 - not on Windows

        try:
            found = pwd.getpwnam(name)
        except KeyError:
            return None
        return Account(name, found.pw_uid, found.pw_gid)

    def give(self, folder: Path, account: Account) -> None:
        """Without following links: the folder may have been another's until now."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform == "win32":
            return
        for _, _, files, descriptor in os.fwalk(folder):
            os.fchown(descriptor, account.uid, account.gid)
            for name in files:
                # A second name of a file may lie anywhere.
                if os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_nlink == 1:
                    os.chown(name, account.uid, account.gid, dir_fd=descriptor, follow_symlinks=False)
        folder.chmod(0o700)
