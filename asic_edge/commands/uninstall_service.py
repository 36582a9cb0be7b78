"""`asic-edge uninstall-service`: stops the service and removes it; the data folder stays."""

from __future__ import annotations

import sys

from asic_edge.commands import console
from asic_edge.commands.install_service import ELSEWHERE, said_elsewhere
from asic_edge.commands.words import GOOD
from asic_edge.service.linux import LinuxService, Places
from asic_edge.service.system import ThisComputer


def uninstall_service() -> int:
    """Exit code; raises SettingsError with a sentence for the person, OSError."""
    if sys.platform in ELSEWHERE:
        return said_elsewhere(sys.platform)
    LinuxService(ThisComputer(), console.say, Places()).uninstall()
    return GOOD
