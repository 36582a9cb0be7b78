"""The port `System` on the machine itself."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from edge_sentry.service.system import NOT_RUN, Account, Mining, Outcome
from edge_sentry.settings.folder import data_folder
from edge_sentry.supervisor.places import MINING, RUNS
from edge_sentry.supervisor.processes import Processes

_BEARABLE_S = 60.0
# The usual place; whoever chose another names it with --data.
_STATE = Path(".local/state/edge-sentry")


class ThisMachine:
    """The port `System`."""

    def __init__(self, timeout_s: float = _BEARABLE_S) -> None:
        self._timeout_s = timeout_s

    def is_admin(self) -> bool:
        if sys.platform == "win32":
            import ctypes  # noqa: PLC0415 - only there

            return bool(ctypes.windll.shell32.IsUserAnAdmin())
        return os.geteuid() == 0

    def finds(self, program: str) -> bool:
        return shutil.which(program) is not None

    def run(self, command: Sequence[str], account: Account | None = None) -> Outcome:
        """Within bearable time; nothing of the caller's environment reaches another account."""
        other = {} if account is None else {"PATH": os.defpath, "HOME": "/"}
        try:
            done = subprocess.run(  # noqa: S603 - commands of ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=self._timeout_s,
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

        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return Account(name, found.pw_uid, found.pw_gid)
        return None

    def has_group(self, name: str) -> bool:
        if sys.platform == "win32":
            return False
        import grp  # noqa: PLC0415 - not on Windows

        with suppress(KeyError):
            return grp.getgrnam(name).gr_name == name
        return False

    def give(self, folder: Path, account: Account) -> None:
        """By descriptors and without following links: the folder may have been another's until now."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform == "win32":
            return
        for _, folders, files, descriptor in os.fwalk(folder):
            os.fchown(descriptor, account.uid, account.gid)
            for name in (*folders, *files):
                found = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                # A second name of a file may lie anywhere.
                if stat.S_ISDIR(found.st_mode) or found.st_nlink == 1:
                    os.chown(name, account.uid, account.gid, dir_fd=descriptor, follow_symlinks=False)
        folder.chmod(0o700)

    def own_folders(self) -> tuple[Path, ...]:
        """The folder of root, and of the person behind sudo."""
        return tuple(dict.fromkeys((data_folder(None, {}), *_behind_sudo())))

    def mining(self, folder: Path) -> tuple[Mining, ...]:
        found = []
        processes = system_processes()
        with suppress(OSError):
            for run in sorted((folder / MINING / RUNS).iterdir()):
                running = processes.running(run)
                if running is not None:
                    found.append(Mining(run.name, running.process.pid))
        return tuple(found)


def _behind_sudo() -> Iterator[Path]:
    if sys.platform == "win32" or "SUDO_USER" not in os.environ:
        return
    import pwd  # noqa: PLC0415 - not on Windows

    with suppress(KeyError):
        yield Path(pwd.getpwnam(os.environ["SUDO_USER"]).pw_dir) / _STATE


def system_processes() -> Processes:
    """By which programs that the sentry started are known."""
    if sys.platform == "win32":
        from edge_sentry.supervisor.kernel32 import WindowsKernel  # noqa: PLC0415 - there is none elsewhere
        from edge_sentry.supervisor.windows import WindowsProcesses  # noqa: PLC0415

        return WindowsProcesses(os.environ, WindowsKernel())
    from edge_sentry.supervisor.posix import PosixProcesses  # noqa: PLC0415 - nor of this on Windows

    return PosixProcesses(os.environ)
