"""`asic-edge install-service`: lets the system start the edge at boot and keep it running."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

import asic_edge
from asic_edge.commands import console
from asic_edge.commands.words import FAILED, GOOD
from asic_edge.service import unit
from asic_edge.service.linux import LinuxService, Places, Wish
from asic_edge.service.system import System, ThisComputer
from asic_edge.settings.folder import ENVIRONMENT_NAME, data_folder

ELSEWHERE: Final = {
    "win32": "On Windows make a task in the Task Scheduler that starts at boot, whether or not a user is "
    'logged on: "{python}" -I -m asic_edge run --data FOLDER',
    "darwin": "On a Mac make a launchd daemon in /Library/LaunchDaemons with RunAtLoad and KeepAlive, whose "
    'ProgramArguments are: "{python}" -I -m asic_edge run --data FOLDER',
}


def install_service(user: str | None, data: str | None, *, only_print: bool) -> int:
    """Exit code; raises SettingsError with a sentence for the person, OSError."""
    if sys.platform in ELSEWHERE:
        return said_elsewhere(sys.platform)
    chosen = data or os.environ.get(ENVIRONMENT_NAME)
    return on_linux(ThisComputer(), Places(), user, chosen, only_print=only_print)


def on_linux(system: System, places: Places, user: str | None, data: str | None, *, only_print: bool) -> int:
    """The same on a given system."""
    folder = data_folder(data, {}) if data else None
    service = LinuxService(system, console.say, places)
    wish = Wish(Path(sys.executable), user, folder, program_folders())
    if only_print:
        console.say_lines(unit.text(service.wanted(wish)))
    else:
        service.install(wish)
    return GOOD


def program_folders() -> tuple[Path, ...]:
    """Where this program, its Python and what that is a link to lie."""
    return (
        Path(sys.executable).resolve(),
        Path(sys.base_prefix).resolve(),
        Path(asic_edge.__path__[0]).resolve(),
    )


def said_elsewhere(system: str) -> int:
    """What to do where no service is made by this program."""
    console.warn("Services are installed under Linux with systemd only.")
    console.warn(ELSEWHERE[system].format(python=sys.executable))
    return FAILED
