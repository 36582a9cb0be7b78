"""Installs and removes the service under systemd."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge_sentry.service import handover, unit
from edge_sentry.service.program import spelled
from edge_sentry.service.system import Account, Mining, System
from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.identity import load_identity

USER = "edge-sentry"
DATA = Path("/var/lib/edge-sentry")
# Cards are the groups' that own their device files; each exists on some systems only.
GROUPS = ("video", "render")
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
        self._system = system
        self._say = say
        self._places = places

    def wanted(self, wish: Wish) -> unit.Service:
        """What would be installed."""
        now = self._installed()
        user = wish.user or (now.user if now else USER)
        if not _USER_NAME.fullmatch(user) or user == "root":
            raise SettingsError(
                f"The service cannot run as {user!r}: name an ordinary user, without rights of its own."
            )
        groups = tuple(name for name in GROUPS if self._system.has_group(name))
        data = wish.data or (now.data if now else DATA)
        handover.check_place(data)
        return unit.Service(wish.python, user, data, groups, wish.program)

    def install(self, wish: Wish) -> None:
        """Installs it, or brings an installed one up to date."""
        self._check_system(f"{spelled(wish.python)} install-service{_options(wish)}")
        service = self.wanted(wish)
        text = unit.text(service)
        account = self._account(service)
        self._check_program(service, account)
        handover.check_folder(service.data)
        self._move_enrolment(service)
        self._system.give(service.data, account)
        self._say(f"Data folder {service.data}: belongs to {service.user} alone.")
        self._write(text)
        self._start(service)

    def uninstall(self, python: Path, *, purge: bool) -> None:
        """Stops and removes it; mining programs go on."""
        options = " --purge" if purge else ""
        self._check_system(f"{spelled(python)} uninstall-service{options}")
        service = self._installed()
        if service is None:
            self._say("No service of the sentry is installed.")
            return
        mining = self._system.mining(service.data)
        if purge and mining:
            raise SettingsError(f"Mining programs still run. Stop them first: sudo kill {_pids(mining)}")
        self._systemctl("disable", "--now", unit.NAME)
        self._places.unit.unlink()
        self._systemctl("daemon-reload")
        self._say("The service is stopped and removed.")
        self._tell_rest(service, mining, purge=purge)

    def _check_system(self, command: str) -> None:
        if not self._system.finds("systemctl") or not self._places.mark.exists():
            raise SettingsError(
                "This system is not run by systemd. "
                "Let its own start scripts run: edge-sentry run --data FOLDER"
            )
        if not self._system.is_admin():
            raise SettingsError(f"This needs root. Run: sudo {command}")

    def _installed(self) -> unit.Service | None:
        try:
            return unit.service_of(self._places.unit.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def _account(self, service: unit.Service) -> Account:
        account = self._system.account(service.user)
        if account is None:
            account = self._made(service)
        if account.uid == 0:
            raise SettingsError(f"{service.user} is root by another name: name an ordinary user.")
        return account

    def _made(self, service: unit.Service) -> Account:
        options = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin")
        made = self._system.run(("useradd", *options, "--home-dir", str(service.data), service.user))
        account = self._system.account(service.user) if made.good else None
        if account is None:
            raise SettingsError(f"Cannot make the user {service.user}: {_last_line(made.output)}")
        self._say(f"Made the system user {service.user}.")
        return account

    def _check_program(self, service: unit.Service, account: Account) -> None:
        tried = self._system.run((str(service.python), "-I", "-m", "edge_sentry", "--version"), account)
        if not tried.good:
            raise SettingsError(
                f"User {service.user} cannot run this program: {_last_line(tried.output)} "
                f"It lies in {service.python.parent}. Install it where everyone can read it, "
                "for example in /opt/edge-sentry, and run this from there."
            )

    def _move_enrolment(self, service: unit.Service) -> None:
        """Also that of a service which used another folder until now."""
        before = self._installed()
        candidates = (*((before.data,) if before else ()), *self._system.own_folders())
        source = handover.earlier(service.data, candidates)
        if before is not None and before.data == source:
            self._systemctl("stop", unit.NAME)
        if not self._runs():
            handover.check_unused(self._system, service.data, moving=False)
        if source is not None:
            handover.check_unused(self._system, source, moving=True)
            name = handover.move(source, service.data)
            self._say(f"Moved the enrolment of {name} from {source} to {service.data}.")

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
            program = f"sudo {spelled(service.python)}"
            self._say("The service starts at boot once this rig is enrolled. Enrol it now:")
            self._say(f"  {program} enrol --data {service.data}")
            self._say(f"  {program} install-service    # again: hands the enrolment over and starts")
            return
        self._systemctl("restart", unit.NAME)
        self._say("The service runs, and starts at each boot. Mining programs were left alone.")
        self._say(f"Whether all is well: sudo {spelled(service.python)} doctor --data {service.data}")

    def _tell_rest(self, service: unit.Service, mining: tuple[Mining, ...], *, purge: bool) -> None:
        if mining:
            self._say(
                "Mining programs go on: " + ", ".join(f"{each.playbook} (pid {each.pid})" for each in mining)
            )
            self._say(f"To stop them: sudo kill {_pids(mining)}")
        data = service.data
        if not purge:
            self._say(f"Enrolment and unsent samples stay. To remove them: sudo rm -r {data}")
            return
        if data.exists() and not handover.is_ours(data):
            raise SettingsError(f"{data} holds other files and was left as it is.")
        if data.exists():
            shutil.rmtree(data)
        self._say(f"Removed {data}.")
        # An account of another name was somebody's before.
        if service.user == USER and self._system.run(("userdel", USER)).good:
            self._say(f"Removed the user {USER}.")

    def _runs(self) -> bool:
        return self._system.run(("systemctl", "is-active", "--quiet", unit.NAME)).good

    def _systemctl(self, *arguments: str) -> None:
        outcome = self._system.run(("systemctl", *arguments))
        if not outcome.good:
            raise SettingsError(
                f"systemctl {' '.join(arguments)} failed: {_last_line(outcome.output)} "
                f"See: journalctl -u {unit.NAME} -n 20"
            )


def _options(wish: Wish) -> str:
    user = f" --user {wish.user}" if wish.user else ""
    return user + (f" --data {wish.data}" if wish.data else "")


def _pids(mining: tuple[Mining, ...]) -> str:
    return " ".join(str(each.pid) for each in mining)


def _last_line(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1] if lines else "no reason given."
