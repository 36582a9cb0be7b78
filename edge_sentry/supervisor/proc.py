"""Reads /proc: who a process is, whose child, and whether it carries the mark or the lock of a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from edge_sentry.supervisor.processes import Process

PROC = Path("/proc")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Stat(NamedTuple):
    """One line of /proc/<pid>/stat. `born` is in clock ticks since boot, so no set clock moves it."""

    pid: int
    state: str
    parent: int
    group: int
    session: int
    born: int

    @property
    def process(self) -> Process:
        """Who it is."""
        return Process(self.pid, self.born)

    @property
    def lives(self) -> bool:
        """False for one that has ended and waits for its parent to notice."""
        return self.state not in "ZXx"


def parse_stat(line: str) -> Stat:
    """Raises ValueError. The name stands in brackets and may itself hold any character."""
    begin, _, rest = line.rpartition(")")
    fields = rest.split()
    if len(fields) < 20:
        raise ValueError("not a line of /proc/<pid>/stat")
    numbers = [int(fields[place]) for place in (1, 2, 3, 19)]
    return Stat(int(begin.partition("(")[0]), fields[0], *numbers)


def read_stat(pid: int) -> Stat | None:
    """None when there is no such process."""
    try:
        return parse_stat((PROC / str(pid) / "stat").read_bytes().decode(errors="replace"))
    except (OSError, ValueError):
        return None


def lives(process: Process) -> bool:
    """Whether this very process still runs."""
    stat = read_stat(process.pid)
    return stat is not None and stat.process == process and stat.lives


def all_stats() -> list[Stat]:
    """Of every process that can be seen."""
    with os.scandir(PROC) as entries:
        pids = [int(entry.name) for entry in entries if entry.name.isdigit()]
    return [stat for pid in pids if (stat := read_stat(pid)) is not None and stat.lives]


def has_mark(pid: int, mark: bytes) -> bool:
    """Whether its environment, as it was started, holds the "NAME=value"."""
    with suppress(OSError):
        return mark in (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    return False


def has_open(pid: int, file: os.stat_result) -> bool:
    """Whether it holds the file open."""
    return any((each.st_dev, each.st_ino) == (file.st_dev, file.st_ino) for each in _open_files(pid))


def _open_files(pid: int) -> Iterator[os.stat_result]:
    folder = PROC / str(pid) / "fd"
    with suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208 - a Path for each would double the time
            with suppress(OSError):
                yield os.stat(f"{folder}/{name}")  # noqa: PTH116


def with_descendants(seeds: set[int], stats: list[Stat]) -> set[int]:
    """The pids and those of all their children's children."""
    children: dict[int, list[int]] = {}
    for stat in stats:
        children.setdefault(stat.parent, []).append(stat.pid)
    found, new = set(seeds), list(seeds)
    while new:
        born = [child for child in children.get(new.pop(), ()) if child not in found]
        found.update(born)
        new.extend(born)
    return found


def age_s(process: Process) -> float:
    """Seconds since it was started."""
    return max(boot_clock() - process.born / _TICKS_PER_S, 0.0)


def boot_clock() -> float:
    """Seconds since boot, sleep included."""
    with suppress(OSError, ValueError):
        return float((PROC / "uptime").read_text().split()[0])
    return 0.0


def boot_id() -> str:
    """What the system calls this boot; "" where it does not tell."""
    with suppress(OSError):
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    return ""
