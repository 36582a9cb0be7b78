"""Installs and removes the service under systemd."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asic_edge.service import unit
from asic_edge.service.system import Account, System
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.identity import load_identity
from asic_edge.settings.lock import is_running

USER: Final = "asic-edge"
DATA: Final = Path("/var/lib/asic-edge")
# What a data folder of ours may hold at its top; others may use a folder for something else.
_OURS: Final = re.compile(
    r"(identity|roster|logins|seats|errands|notices|search|status)\.json|sequence|.*\.lock|spool\..*|\..*\.unfinished"
)
_USER_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,30}")


@dataclass(frozen=True)
class Places:
    """Files that systemd fixes."""

    unit: Path = Path("/etc/systemd/system") / unit.NAME
    # Is there only while systemd runs the system.
    mark: Path = Path("/run/systemd/system")


@dataclass(frozen=True)
class Wish:
    """What the command line asks for; None: as the service has it already, else the default."""

    python: Path
    user: str | None = None
    data: Path | None = None
    program: tuple[Path, ...] = ()


class LinuxService:
    """Each step is said by `say`. Raises SettingsError, OSError."""

    def __init__(self, system: System, say: Callable[[str], None], places: Places) -> None:
        self._system, self._say, self._places = system, say, places

    def wanted(self, wish: Wish) -> unit.Service:
        """What would be installed."""
        now = self._installed()
        user = wish.user or (now.user if now else USER)
        if not _USER_NAME.fullmatch(user) or user == "root":
            raise SettingsError(
                f"The service cannot run as {user!r}: name an ordinary user, without rights of its own."
            )
        return unit.Service(wish.python, user, wish.data or (now.data if now else DATA), wish.program)

    def install(self, wish: Wish) -> None:
        """Installs it, or brings an installed one up to date."""
        self._check_system("install-service")
        service = self.wanted(wish)
        text = unit.text(service)
        check_folder(service.data)
        account = self._account(service)
        self._check_program(service, account)
        if not self._is_active() and service.data.is_dir() and is_running(service.data):
            raise SettingsError(f"asic-edge runs on {service.data} already. Stop it, then run this again.")
        self._system.give(service.data, account)
        self._say(f"Data folder {service.data}: belongs to {service.user} alone.")
        self._write(text)
        self._start(service)

    def uninstall(self) -> None:
        """Stops and removes it; the data folder stays."""
        self._check_system("uninstall-service")
        service = self._installed()
        if service is None:
            self._say("No service of the ASIC edge is installed.")
            return
        self._systemctl("disable", "--now", unit.NAME)
        self._places.unit.unlink()
        self._systemctl("daemon-reload")
        self._say("The service is stopped and removed.")
        self._say(f"Roster, logins and unsent readings stay. To remove them: sudo rm -r {service.data}")

    def _check_system(self, command: str) -> None:
        if not self._system.finds("systemctl") or not self._places.mark.exists():
            raise SettingsError(
                "This system is not run by systemd. "
                "Let its own start scripts run: asic-edge run --data FOLDER"
            )
        if not self._system.is_admin():
            raise SettingsError(f"This needs root. Run: sudo asic-edge {command}")

    def _installed(self) -> unit.Service | None:
        try:
            return unit.service_of(self._places.unit.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def _account(self, service: unit.Service) -> Account:
        account = self._system.account(service.user) or self._made(service)
        if account.uid == 0:
            raise SettingsError(f"{service.user} is root by another name: name an ordinary user.")
        return account

    def _made(self, service: unit.Service) -> Account:
        options = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin")
        made = self._system.run(("useradd", *options, "--home-dir", str(service.data), service.user))
        account = self._system.account(service.user) if made.good else None
        if account is None:
            raise SettingsError(f"Cannot make the user {service.user}: {made.last_line}")
        self._say(f"Made the system user {service.user}.")
        return account

    def _check_program(self, service: unit.Service, account: Account) -> None:
        tried = self._system.run((str(service.python), "-I", "-m", "asic_edge", "--version"), account)
        if not tried.good:
            raise SettingsError(
                f"User {service.user} cannot run this program: {tried.last_line} It lies in "
                f"{service.python.parent}. Install it where everyone can read it, for example in "
                "/opt/asic-edge, and run this from there."
            )

    def _write(self, text: str) -> None:
        place = self._places.unit
        if place.exists() and place.read_text(encoding="utf-8") == text:
            self._say(f"{place} is as it should be.")
        else:
            # Root's, and readable by everyone: it holds no secret.
            place.write_text(text, encoding="utf-8")
            place.chmod(0o644)
            self._say(f"Wrote {place}.")
        self._systemctl("daemon-reload")

    def _start(self, service: unit.Service) -> None:
        self._systemctl("enable", unit.NAME)
        if load_identity(service.data) is None:
            self._say("The service starts at boot once this edge is enrolled. Enrol it now:")
            self._say(f"  sudo asic-edge enrol --data {service.data}")
            self._say("  sudo asic-edge install-service    # again: hands the enrolment over and starts")
            return
        self._systemctl("restart", unit.NAME)
        self._say("The service runs, and starts at each boot.")
        self._say(f"Whether all is well: sudo asic-edge doctor --data {service.data}")

    def _is_active(self) -> bool:
        return self._system.run(("systemctl", "is-active", "--quiet", unit.NAME)).good

    def _systemctl(self, *arguments: str) -> None:
        outcome = self._system.run(("systemctl", *arguments))
        if not outcome.good:
            raise SettingsError(
                f"systemctl {' '.join(arguments)} failed: {outcome.last_line} "
                f"See: journalctl -u {unit.NAME} -n 20"
            )


def check_folder(data: Path) -> None:
    """Raises SettingsError for a folder that somebody uses for something else: it changes its owner."""
    if data.is_symlink():
        raise SettingsError(f"{data} is a link. Name the folder itself with --data.")
    if data.exists() and not data.is_dir():
        raise SettingsError(f"{data} is not a folder. Choose another with --data.")
    others = [each.name for each in data.iterdir() if not _OURS.fullmatch(each.name)] if data.exists() else []
    if others:
        raise SettingsError(
            f"{data} holds other files, such as {others[0]}. Choose a folder of its own with --data."
        )
