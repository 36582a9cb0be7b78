"""Finds and prepares the data folder of an ASIC edge, for its user alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import platformdirs

ENVIRONMENT_NAME = "ASIC_EDGE_DATA"
_SYSTEM_FOLDER = Path("/var/lib/asic-edge")


class SettingsError(Exception):
    """Something is wrong with what is kept on this computer, in a sentence for the person at the keyboard."""


def data_folder(given: str | None, environment: Mapping[str, str]) -> Path:
    """By --data, else by ASIC_EDGE_DATA, else where the system keeps such things. Raises SettingsError."""
    chosen = given or environment.get(ENVIRONMENT_NAME)
    try:
        if chosen:
            return Path(os.path.abspath(Path(chosen).expanduser()))  # noqa: PTH100 - Path keeps the ".."
        if sys.platform == "linux" and os.geteuid() == 0:
            return _SYSTEM_FOLDER
        return Path(platformdirs.user_state_dir("asic-edge", appauthor=False))
    except RuntimeError as error:
        raise SettingsError("This user has no home folder. Name a data folder with --data.") from error


def prepare(folder: Path) -> None:
    """Makes the folder; raises SettingsError when it cannot be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"Cannot make the data folder {folder}: {error.strerror}. Choose another with --data."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(f"The data folder {folder} cannot be written to. Choose another with --data.")


def act_as_owner(folder: Path) -> None:
    """From here on root is the user whose folder it is, as that of a service: who else could read what root
    writes there? For good; changes nothing for anybody else.
    """
    if sys.platform == "win32" or os.geteuid() != 0 or not folder.is_dir():
        return
    owner = folder.stat()
    if owner.st_uid != 0:
        os.setgroups([])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
