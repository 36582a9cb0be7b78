"""`edge-sentry install-service`: lets the system start the sentry at boot and keep it running."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import edge_sentry
from edge_sentry.commands import console
from edge_sentry.service import task, unit
from edge_sentry.service.linux import LinuxService, Places, Wish
from edge_sentry.service.machine import ThisMachine
from edge_sentry.service.system import System
from edge_sentry.service.windows import WindowsService
from edge_sentry.settings.folder import SettingsError, spelled_out


def install_service(user: str | None, data: str | None, *, only_print: bool) -> int:
    """Exit code; raises SettingsError with a sentence for the person, OSError."""
    if sys.platform == "win32":
        return _on_windows(user, data, only_print=only_print)
    return on_linux(ThisMachine(), Places(), user, data, only_print=only_print)


def on_linux(system: System, places: Places, user: str | None, data: str | None, *, only_print: bool) -> int:
    """The same on a given system."""
    folder = spelled_out(data) if data else None
    wish = Wish(Path(sys.executable), user, folder, program_folders())
    service = LinuxService(system, console.say, places)
    if only_print:
        console.say(unit.text(service.wanted(wish)).rstrip("\n"))
    else:
        service.install(wish)
    return 0


def program_folders() -> tuple[Path, ...]:
    """Where this program, its Python and what that is a link to lie."""
    return (
        Path(sys.executable).resolve(),
        Path(sys.base_prefix).resolve(),
        Path(edge_sentry.__path__[0]).resolve(),
    )


def windows_folder(data: str | None) -> Path:
    """Where a service keeps its files there."""
    return (
        Path(data).absolute()
        if data
        else Path(os.environ.get("PROGRAMDATA", "C:/ProgramData"), "edge-sentry")
    )


def _on_windows(user: str | None, data: str | None, *, only_print: bool) -> int:
    if user is not None:
        raise SettingsError("On Windows the service runs as LOCAL SERVICE: leave --user out.")
    folder = windows_folder(data)
    if only_print:
        console.say(task.text(Path(sys.executable), folder).rstrip("\n"))
    else:
        WindowsService(ThisMachine(), console.say, folder).install(Path(sys.executable))
    return 0
