"""What `doctor` looks at: this computer, the data folder, the commander, and whether devices answer."""

from __future__ import annotations

import asyncio
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from asic_edge.agent.status import load_status
from asic_edge.descriptors import DESCRIPTORS, DescriptorLimit, raise_descriptor_limit
from asic_edge.discovery.connect import TooManyOpenFiles, open_ports
from asic_edge.native.client import PROGRAM
from asic_edge.native.frames import NO_LIBRARY
from asic_edge.roster.entries import Entry
from asic_edge.roster.store import NAME as ROSTER_NAME
from asic_edge.roster.store import read_roster
from asic_edge.service.linux import Places
from asic_edge.service.unit import NAME as UNIT_NAME
from asic_edge.service.unit import service_of
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.identity import load_identity
from asic_edge.settings.lock import is_running
from asic_edge.settings.logins import NAME as LOGINS_NAME
from asic_edge.settings.logins import load_rules
from asic_edge.settings.version import program_version
from wire.uplink.clock import CLOCK_OFF_S, clock_warning
from wire.uplink.failure import UplinkFailure
from wire.uplink.inquiry import Answer, ask_without_token

_LIBRARY_WITHIN_S: Final = 20.0
_TRIED_AT_ONCE: Final = 256
_NAMED: Final = 10
_LITTLE_BYTES: Final = 200_000_000
_LATE_ROUNDS: Final = 3
_UNIT: Final = Places().unit
_NOT_ENROLLED = "not enrolled, so there is no commander to ask"


class Level(StrEnum):
    """`skipped`: what could not be looked at."""

    OK = "ok"
    WARNING = "warning"
    BAD = "bad"
    SKIPPED = "skipped"


class Finding(NamedTuple):
    """One line. `advice` is what to do next, "" where there is nothing to do."""

    level: Level
    text: str
    advice: str = ""


class Check(NamedTuple):
    """One row."""

    name: str
    look: Callable[[Path], Finding]


def python(_: Path) -> Finding:
    """An older one cannot even start us; it is shown."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(Level.OK, f"Python {version}, asic-edge {program_version()}")


def library(_: Path, program: Sequence[str] = PROGRAM) -> Finding:
    """In the process in which it is used."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            program, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIBRARY_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(Level.BAD, f"the reading program does not start: {type(error).__name__}", _INSTALL)
    if done.returncode == NO_LIBRARY:
        return Finding(
            Level.BAD,
            "pyasic-rs is not installed: only Whatsminers, IceRivers and port 4028 are read",
            _INSTALL,
        )
    if done.returncode != 0:
        return Finding(Level.BAD, f"the reading program ends with {done.returncode}", _INSTALL)
    return Finding(Level.OK, "pyasic-rs loads")


_INSTALL = "Install it again, in a copy of the repository: pip install '.[asic]'"


def descriptors(_: Path) -> Finding:
    """Too few, and devices would look silent."""
    try:
        held = raise_descriptor_limit(DESCRIPTORS)
    except DescriptorLimit as error:
        return Finding(Level.BAD, str(error))
    return Finding(Level.OK, f"{held:,} files may be open at once")


def data_folder(folder: Path) -> Finding:
    """There, and nobody else's to read: it holds the token and logins."""
    if not folder.is_dir():
        return Finding(Level.BAD, f"{folder} is not there", "Begin with: asic-edge enrol")
    names = (".", "identity.json", LOGINS_NAME, ROSTER_NAME)
    for path in (folder / name for name in names):
        if sys.platform != "win32" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            return Finding(Level.BAD, f"{path} can be read by others", f"Run: chmod -R go= {folder}")
    free = shutil.disk_usage(folder).free
    if free < _LITTLE_BYTES:
        return Finding(Level.WARNING, f"{free / 1e6:,.0f} MB are free for {folder}", "Make room.")
    return Finding(Level.OK, f"{folder}, for its user alone")


def enrolment(folder: Path) -> Finding:
    """Who this edge is."""
    identity = load_identity(folder)
    if identity is None:
        return Finding(
            Level.BAD,
            "this edge is not enrolled",
            "Create a sentry of type ASIC in the dashboard, run its command.",
        )
    return Finding(Level.OK, f"as {identity.name} at farm {identity.farm_name}, {identity.url}")


def commander(folder: Path) -> Finding:
    """A commander is there, and TLS is good. The token is not sent."""
    try:
        answer = _answer(folder)
    except UplinkFailure as failure:
        return Finding(Level.BAD, failure.sentence, "Check address, network and certificate.")
    return Finding(Level.SKIPPED, _NOT_ENROLLED) if answer is None else Finding(Level.OK, "it answers")


def clock(folder: Path) -> Finding:
    """This computer's against the commander's."""
    try:
        answer = _answer(folder)
    except UplinkFailure:
        return Finding(Level.SKIPPED, "the commander could not be asked")
    if answer is None or answer.offset_s is None:
        return Finding(Level.SKIPPED, _NOT_ENROLLED if answer is None else "its answer has no date")
    if abs(answer.offset_s) > CLOCK_OFF_S:
        return Finding(Level.WARNING, clock_warning(answer.offset_s), "Switch time synchronisation on.")
    return Finding(Level.OK, f"within {max(abs(answer.offset_s), 1):.0f} s of the commander's")


def roster(folder: Path) -> Finding:
    """It can be read; how many are in it."""
    found = read_roster(folder)
    if found.questions:
        return Finding(
            Level.WARNING,
            f"{len(found):,} devices, {len(found.questions):,} open questions",
            "Answer them: asic-edge list shows them.",
        )
    if not len(found):
        return Finding(Level.WARNING, "no devices yet", "Find some: asic-edge scan RANGE --add")
    return Finding(Level.OK, f"{len(found):,} devices")


def logins(folder: Path) -> Finding:
    """For how many ranges and models they are kept."""
    return Finding(Level.OK, f"{len(load_rules(folder).rules)} kept; default ones are tried besides")


def devices(folder: Path, knock: Callable[[str], Awaitable[frozenset[int]]] = open_ports) -> Finding:
    """Each accepts connections; nothing is asked of them."""
    known = [each for each in read_roster(folder) if each.address]
    if not known:
        return Finding(Level.SKIPPED, "no device with an address is in the roster")
    try:
        raise_descriptor_limit(DESCRIPTORS)
        silent = asyncio.run(_silent(known, knock))
    except (TooManyOpenFiles, DescriptorLimit) as error:
        return Finding(Level.BAD, str(error))
    if not silent:
        return Finding(Level.OK, f"all {len(known):,} answer")
    names = ", ".join(f"{each.name} ({each.address})" for each in silent[:_NAMED])
    more = f" and {len(silent) - _NAMED:,} more" if len(silent) > _NAMED else ""
    return Finding(
        Level.WARNING,
        f"{len(silent):,} of {len(known):,} do not answer: {names}{more}",
        "Are they on? If their addresses changed: asic-edge scan RANGE --add finds them again.",
    )


def service(folder: Path, unit: Path = _UNIT) -> Finding:
    """Somebody runs on the folder, and will after the next boot."""
    runs = folder.is_dir() and is_running(folder)
    installed = unit.is_file() and _data_of(unit) == folder
    if not runs:
        advice = (
            f"Look at: journalctl -u {UNIT_NAME} -n 50"
            if installed
            else "Run: sudo asic-edge install-service"
        )
        return Finding(Level.WARNING, "nothing runs on this folder: no device is read", advice)
    if not installed:
        advice = "To start it at each boot: sudo asic-edge install-service"
        return Finding(Level.WARNING, "asic-edge runs, but not as a service", advice)
    return Finding(Level.OK, "runs, and starts at each boot")


def last_report(folder: Path) -> Finding:
    """When the commander last took what we told, as the running edge wrote it down."""
    status = load_status(folder)
    if status is None:
        return Finding(Level.SKIPPED, "asic-edge has not run here yet")
    if status.accepted_at is None:
        return Finding(Level.BAD, f"none was accepted yet: {status.failure or 'no reason known'}")
    since_s = max(time.time() - status.accepted_at, 0.0)
    text = f"{since_s:,.0f} s ago"
    if status.failure is not None:
        return Finding(Level.BAD, f"{text}; since then: {status.failure}")
    if since_s > _LATE_ROUNDS * status.round_s:
        return Finding(Level.WARNING, text, "Does it run? See the line above.")
    return Finding(Level.OK, text)


def spool(folder: Path) -> Finding:
    """What waits for the commander, and what was lost."""
    status = load_status(folder)
    if status is None:
        return Finding(Level.SKIPPED, "asic-edge has not run here yet")
    if status.spool_trouble is not None:
        return Finding(Level.BAD, f"readings are {status.spool_trouble}", "Make room, or mend the disk.")
    waiting = f"{status.waiting:,} blocks ({status.waiting_bytes / 1e6:,.1f} MB) wait"
    if status.dropped:
        return Finding(Level.WARNING, f"{waiting}; {status.dropped:,} readings were dropped")
    return Finding(Level.OK, waiting)


CHECKS: Final = (
    Check("program", python),
    Check("library", library),
    Check("open files", descriptors),
    Check("data folder", data_folder),
    Check("enrolment", enrolment),
    Check("commander", commander),
    Check("clock", clock),
    Check("service", service),
    Check("last report", last_report),
    Check("spool", spool),
    Check("roster", roster),
    Check("logins", logins),
    Check("devices", devices),
)


def looked(check: Check, folder: Path) -> Finding:
    """One that fails hinders no other."""
    try:
        return check.look(folder)
    except SettingsError as error:
        return Finding(Level.BAD, str(error))
    except OSError as error:
        return Finding(Level.BAD, f"{error.filename or 'the system'}: {error.strerror or error}")


def _data_of(unit: Path) -> Path | None:
    found = service_of(unit.read_text(encoding="utf-8", errors="replace"))
    return None if found is None else found.data


def _answer(folder: Path) -> Answer | None:
    identity = load_identity(folder)
    return None if identity is None else ask_without_token(identity.url, allow_http=identity.allow_http)


async def _silent(known: Sequence[Entry], knock: Callable[[str], Awaitable[frozenset[int]]]) -> list[Entry]:
    places = asyncio.Semaphore(_TRIED_AT_ONCE)

    async def answers(entry: Entry) -> bool:
        async with places:
            return bool(await knock(entry.address or ""))

    told = await asyncio.gather(*(answers(each) for each in known))
    return [each for each, good in zip(known, told, strict=True) if not good]
