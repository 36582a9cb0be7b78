"""Installs and removes the scheduled task on Windows. Tested with a fake system; it was never run there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from edge_sentry.service import handover, task
from edge_sentry.service.system import System
from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.identity import load_identity
from edge_sentry.settings.lock import running_pid


class WindowsService:
    """Each step is said by `say`. Raises SettingsError, OSError."""

    def __init__(self, system: System, say: Callable[[str], None], data: Path) -> None:
        self._system = system
        self._say = say
        self._data = data

    def install(self, python: Path) -> None:
        """Installs it, or brings an installed one up to date."""
        self._check_rights()
        source = handover.earlier(self._data, self._system.own_folders())
        handover.check_unused(self._system, self._data, moving=False)
        if source is not None:
            handover.check_unused(self._system, source, moving=True)
            name = handover.move(source, self._data)
            self._say(f"Moved the enrolment of {name} from {source} to {self._data}.")
        self._data.mkdir(parents=True, exist_ok=True)
        granted = [word for sid in task.MAY_READ for word in ("/grant:r", f"*{sid}:(OI)(CI)F")]
        self._must("icacls", str(self._data), "/inheritance:r", "/T", *granted)
        self._say(f"Data folder {self._data}: for the service and administrators alone.")
        self._create(python)
        if load_identity(self._data) is None:
            self._say(
                f'Enrol this rig: "{python}" -m edge_sentry enrol --data "{self._data}", then run this again.'
            )
            return
        self._must("schtasks", "/Run", "/TN", task.NAME)
        self._say("The task runs, and starts at each boot.")

    def uninstall(self, *, purge: bool) -> None:
        """Ends the sentry alone, by its pid: ending the task might end the mining programs with it."""
        self._check_rights()
        mining = self._system.mining(self._data)
        if purge and mining:
            pids = " ".join(f"/PID {each.pid}" for each in mining)
            raise SettingsError(f"Mining programs still run. Stop them first: taskkill /F {pids}")
        if not self._system.run(("schtasks", "/Query", "/TN", task.NAME)).good:
            self._say("No service of the sentry is installed.")
            return
        # Disabled first: it would be started again.
        self._must("schtasks", "/Change", "/TN", task.NAME, "/DISABLE")
        pid = running_pid(self._data)
        if pid:
            self._must("taskkill", "/F", "/PID", str(pid))
        self._must("schtasks", "/Delete", "/TN", task.NAME, "/F")
        self._say("The task is stopped and removed.")
        for each in mining:
            self._say(f"Mining goes on: {each.playbook}. To stop it: taskkill /F /T /PID {each.pid}")
        if purge:
            shutil.rmtree(self._data)
            self._say(f"Removed {self._data}.")
        else:
            self._say(f'Enrolment and unsent samples stay. To remove them: rmdir /s "{self._data}"')

    def _create(self, python: Path) -> None:
        definition = self._data / "task.xml"
        definition.write_text(task.text(python, self._data), encoding="utf-16")
        try:
            self._must("schtasks", "/Create", "/TN", task.NAME, "/XML", str(definition), "/F")
        finally:
            definition.unlink()
        self._say(f"Made the scheduled task {task.NAME}.")

    def _check_rights(self) -> None:
        if not self._system.is_admin():
            raise SettingsError("This needs an administrator: open the terminal with 'Run as administrator'.")

    def _must(self, *command: str) -> None:
        outcome = self._system.run(command)
        if not outcome.good:
            reason = outcome.output.strip() or f"status {outcome.status}"
            raise SettingsError(f"{command[0]} {command[1]} failed: {reason}")
