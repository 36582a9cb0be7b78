"""Finds and prepares the folder in which a sentry keeps what must survive a restart."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT_NAME = "EDGE_SENTRY_DATA"
_SYSTEM_FOLDER = Path("/var/lib/edge-sentry")


class SettingsError(Exception):
    """Something is wrong with the data folder, in a sentence for the person at the keyboard."""


def data_folder(given: str | None, environment: Mapping[str, str]) -> Path:
    """The folder by --data, else by EDGE_SENTRY_DATA, else where the system keeps such things."""
    chosen = given or environment.get(ENVIRONMENT_NAME)
    if chosen:
        return spelled_out(chosen)
    if sys.platform == "linux" and os.geteuid() == 0:
        return _SYSTEM_FOLDER
    import platformdirs  # noqa: PLC0415 - 20 ms that a service never needs

    try:
        return Path(platformdirs.user_state_dir("edge-sentry", appauthor=False))
    except RuntimeError as error:
        raise SettingsError("This user has no home folder. Name a data folder with --data.") from error


def spelled_out(folder: str) -> Path:
    """From "~" and "..", which nobody should have to follow later; raises SettingsError."""
    try:
        return Path(os.path.abspath(Path(folder).expanduser()))  # noqa: PTH100 - Path keeps the ".."
    except RuntimeError as error:
        raise SettingsError(
            f"Nobody knows the home folder in {folder!r}. Name the whole path with --data."
        ) from error


def prepare(folder: Path) -> None:
    """Makes the folder, for its owner alone; raises SettingsError when it cannot be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"Cannot make the data folder {folder}: {error.strerror}. Choose another with --data."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(f"The data folder {folder} cannot be written to. Choose another with --data.")
