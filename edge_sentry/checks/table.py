"""The table of checks, and how they are run: side by side, each in its own time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from edge_sentry.checks import assignment, commander, hardware, mining, program, service
from edge_sentry.checks.finding import Finding, skipped, warning
from edge_sentry.checks.sight import Sight
from edge_sentry.settings.folder import SettingsError

DEADLINE_S = 5.0


class Check(NamedTuple):
    """One row."""

    name: str
    look: Callable[[Sight], Finding]


CHECKS = (
    Check("program", program.python),
    Check("data folder", program.data_folder),
    Check("free space", program.free_space),
    Check("enrolment", program.enrolled),
    Check("sentry", program.running),
    Check("one sentry", program.alone),
    Check("service", service.installed),
    Check("service runs", service.active),
    Check("service's folder", service.same_folder),
    Check("address", commander.resolves),
    Check("TLS", commander.tls),
    Check("commander", commander.answers),
    Check("token", commander.token),
    Check("clock", commander.clock),
    Check("unsent samples", program.spool),
    Check("assignment", assignment.assignment),
    Check("readings", hardware.sources),
    Check("NVIDIA", hardware.nvidia),
    Check("AMD", hardware.amd),
    Check("groups", hardware.groups),
    Check("processor power", hardware.processor_power),
    Check("MSR", hardware.msr),
    Check("huge pages", hardware.huge_pages),
    Check("other miners", mining.foreign),
    Check("miners' APIs", mining.open_to_network),
    Check("other systems", service.other_system),
    Check("miner services", service.miner_services),
    Check("restarts", service.reboot),
)


def run_all(checks: Sequence[Check], sight: Sight, deadline_s: float = DEADLINE_S) -> list[Finding]:
    """One finding for each check, in their order. One that fails or hangs hinders no other.

    Threads are daemons, so that one in a hanging driver does not keep the program from its end.
    """
    found: list[Finding | None] = [None] * len(checks)

    def look(place: int) -> None:
        found[place] = _guarded(checks[place], sight)

    threads = [threading.Thread(target=look, args=(place,), daemon=True) for place in range(len(checks))]
    for thread in threads:
        thread.start()
    until = time.monotonic() + deadline_s
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0.0))
    return [each or warning(f"no answer within {deadline_s:g} s") for each in found]


def _guarded(check: Check, sight: Sight) -> Finding:
    try:
        return check.look(sight)
    except SettingsError as error:
        return skipped(str(error), "Run this as root.")
    except PermissionError as error:
        return skipped(f"not permitted: {error.filename or error}", "Run this as root.")
    except Exception as error:  # noqa: BLE001 - a rig that is unwell fails in ways nobody lists; it is told
        return warning(f"could not be checked: {type(error).__name__}: {error}")
