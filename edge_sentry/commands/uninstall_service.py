"""`edge-sentry uninstall-service`: stops the service and removes it; mining programs go on."""

from __future__ import annotations

import sys
from pathlib import Path

from edge_sentry.commands import console
from edge_sentry.commands.install_service import windows_folder
from edge_sentry.service.linux import LinuxService, Places
from edge_sentry.service.machine import ThisMachine
from edge_sentry.service.windows import WindowsService


def uninstall_service(*, purge: bool) -> int:
    """Exit code; raises SettingsError with a sentence for the person, OSError."""
    if sys.platform == "win32":
        WindowsService(ThisMachine(), console.say, windows_folder(None)).uninstall(purge=purge)
    else:
        LinuxService(ThisMachine(), console.say, Places()).uninstall(Path(sys.executable), purge=purge)
    return 0
