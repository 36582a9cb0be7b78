"""How a person calls this program, in advice that can be copied."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

# Where sudo looks, whatever the caller's own PATH is.
_SUDO_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def spelled(python: Path = Path(sys.executable), path: str = _SUDO_PATH) -> str:
    """The short name where `sudo` finds it, else the whole path, else by way of Python."""
    if shutil.which("edge-sentry", path=path):
        return "edge-sentry"
    script = python.with_name("edge-sentry")
    return str(script) if script.exists() else f"{python} -m edge_sentry"
