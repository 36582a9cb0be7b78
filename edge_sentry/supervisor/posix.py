"""Processes on Linux: sessions, an inherited lock, and identities out of /proc."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from edge_sentry.settings.files import open_plain, read_file
from edge_sentry.supervisor import proc
from edge_sentry.supervisor.launch import NAME, TEXT, environment, mark_of
from edge_sentry.supervisor.places import LAUNCHER, LOCK, MAIN, OUTPUT, STATUS
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.processes import Ending, Force, Process, Running

if sys.platform != "win32":
    import fcntl

_SIGNALS = {Force.ASK: "SIGINT", Force.INSIST: "SIGTERM", Force.KILL: "SIGKILL"}
_WRITTEN_WITHIN_S = 5.0


class PosixProcesses:
    """The port `Processes`. Not for several threads at once."""

    def __init__(self, environ: Mapping[str, str], shell: str = "/bin/sh") -> None:
        self._environ = environ
        self._shell = shell
        self._boot = proc.boot_id()
        self._known: dict[tuple[Path, str], Process] = {}

    def boot(self) -> str:
        return self._boot

    def start(self, folder: Path, playbook: Playbook) -> None:
        """The lock is taken before the fork and inherited: from here on there is no moment in which
        a process of the run exists that a later agent would not find."""
        lock = _lock(folder)
        try:
            self.forget(folder)
            strays = _inheritable_descriptors()
            os.set_inheritable(lock, True)
            self._spawn(folder, playbook, strays)
        finally:
            os.close(lock)

    def running(self, folder: Path) -> Running | None:
        launcher, main = self._written(folder, LAUNCHER), self._written(folder, MAIN)
        if launcher is None and main is None:
            return self._unwritten(folder)
        # A launcher that was killed does not end the run: it goes on without somebody to note its end.
        if any(each is not None and self._lives(each) for each in (launcher, main)):
            process = main or launcher
            return None if process is None else Running(process, proc.age_s(process))
        return None

    def ending(self, folder: Path) -> Ending | None:
        if self._written(folder, LAUNCHER) is None:
            return None
        try:
            return Ending(int(read_file(folder / STATUS)))
        except (OSError, ValueError):
            return Ending(None)

    def forget(self, folder: Path) -> None:
        for name in (LAUNCHER, MAIN, STATUS):
            (folder / name).unlink(missing_ok=True)
            self._known.pop((folder, name), None)

    def members(self, folder: Path) -> frozenset[Process]:
        return frozenset(stat.process for stat in self._members(folder))

    def signal(self, folder: Path, force: Force) -> None:
        number = getattr(signal, _SIGNALS[force])
        members = self._members(folder)
        launcher = self._written(folder, LAUNCHER)
        group = launcher.pid if launcher is not None else 0
        # As long as one of ours is in the group its number cannot be anybody else's.
        if group > 1 and any(stat.group == group for stat in members):
            with suppress(ProcessLookupError):
                os.killpg(group, number)
        for stat in members:
            if stat.group != group:
                _send(stat.process, number)

    def _spawn(self, folder: Path, playbook: Playbook, strays: list[int]) -> None:
        """posix_spawn and not fork: it neither copies the agent's memory nor runs any of its code."""
        append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        # Looked at before: a pipe would hold up the agent, and somebody's file would grow.
        os.close(open_plain(folder / OUTPUT, append, alone=True))
        output = (os.POSIX_SPAWN_OPEN, 1, str(folder / OUTPUT), append | os.O_NOFOLLOW, 0o600)
        os.posix_spawn(
            self._shell,
            [self._shell, "-c", TEXT, NAME, str(folder), playbook.folder, playbook.script, self._shell],
            environment(self._environ, playbook, folder),
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                output,
                (os.POSIX_SPAWN_DUP2, 1, 2),
                *((os.POSIX_SPAWN_CLOSE, stray) for stray in strays),
            ],
            setsid=True,
            setsigmask=[],
            setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],
        )

    def _written(self, folder: Path, name: str) -> Process | None:
        """Who wrote itself down there in this boot."""
        if (folder, name) not in self._known:
            process = _identity(folder / name, self._boot)
            if process is None:
                return None
            self._known[folder, name] = process
        return self._known[folder, name]

    def _lives(self, process: Process) -> bool:
        stat = proc.read_stat(process.pid)
        if stat is None or stat.process != process:
            return False
        if not stat.lives:
            # A launcher may be a child of ours; of an earlier agent's the system takes care.
            with suppress(ChildProcessError):
                os.waitpid(process.pid, os.WNOHANG)
        return stat.lives

    def _unwritten(self, folder: Path) -> Running | None:
        """The lock is held though nobody wrote who holds it: it starts just now, or the disk is full."""
        members = self.members(folder) if _held(folder) else frozenset()
        oldest = min(members, key=lambda each: each.born, default=None)
        if oldest is None:
            return None
        if proc.age_s(oldest) > _WRITTEN_WITHIN_S:
            self._known[folder, LAUNCHER] = oldest
        return Running(oldest, proc.age_s(oldest))

    def _members(self, folder: Path) -> list[proc.Stat]:
        launcher = self._written(folder, LAUNCHER)
        since = launcher.born if launcher is not None else 0
        stats = [each for each in proc.all_stats() if each.born >= since and each.pid != os.getpid()]
        seeds = {each.pid for each in stats if _belongs(each.pid, folder)}
        if launcher is not None and proc.lives(launcher):
            seeds |= {each.pid for each in stats if each.session == launcher.pid}
        found = proc.with_descendants(seeds, stats)
        return [each for each in stats if each.pid in found]


def _identity(path: Path, boot: str) -> Process | None:
    """What the launcher wrote: "boot-id pid (name) state …"; None when of another boot or half written."""
    try:
        written_boot, _, line = read_file(path).decode(errors="replace").partition(" ")
        return proc.parse_stat(line).process if written_boot.strip() == boot else None
    except (OSError, ValueError):
        return None


def _belongs(pid: int, folder: Path) -> bool:
    """By the environment it was started with, or by the inherited lock: few programs lose both."""
    if proc.has_mark(pid, mark_of(folder)):
        return True
    with suppress(OSError):
        return proc.has_open(pid, (folder / LOCK).stat())
    return False


def _inheritable_descriptors() -> list[int]:
    """What the agent was itself started with beyond the usual three; its own are never inheritable."""
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with suppress(OSError):
            if int(name) > 2 and os.get_inheritable(int(name)):
                found.append(int(name))
    return found


def _lock(folder: Path) -> int:
    """A descriptor that holds the run's lock; raises BlockingIOError while the last run is not over."""
    descriptor = open_plain(folder / LOCK, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise BlockingIOError(error.errno, "its last run is not over") from error
        raise
    return descriptor


def _held(folder: Path) -> bool:
    """Whether a process of the run lives that keeps what it inherited."""
    try:
        os.close(_lock(folder))
    except BlockingIOError:
        return True
    return False


def _send(process: Process, number: int) -> None:
    """To this very process: what was given its pid meanwhile is spared."""
    with suppress(ProcessLookupError, PermissionError):
        descriptor = _descriptor(process.pid)
        try:
            if not proc.lives(process):
                return
            if descriptor is None:
                os.kill(process.pid, number)
            else:
                signal.pidfd_send_signal(descriptor, number)
        finally:
            if descriptor is not None:
                os.close(descriptor)


def _descriptor(pid: int) -> int | None:
    """Names the process whatever becomes of its pid; None on a kernel before 5.3."""
    try:
        return os.pidfd_open(pid)
    except OSError as error:
        if error.errno == errno.ENOSYS:
            return None
        raise
