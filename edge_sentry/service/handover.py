"""Hands a data folder, and what an earlier sentry left elsewhere, over to the service."""

from __future__ import annotations

import shutil
from pathlib import Path

from edge_sentry.service.system import System
from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.identity import load_identity
from edge_sentry.settings.lock import running_pid

_IDENTITY = "identity.json"
_SEQUENCE = "sequence"
# The system's own: nothing of ours belongs below the first, nor is to own one of the second.
_NOT_BELOW = ("bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "proc", "run", "sbin", "sys", "usr")
_NOT_ITSELF = ("home", "media", "mnt", "opt", "root", "srv", "tmp", "var")
_NOT_IN_VAR = ("cache", "lib", "log", "opt", "spool", "tmp")


def is_ours(folder: Path) -> bool:
    """Whether a sentry's files are in it, or none at all."""
    return any((folder / name).exists() for name in (_IDENTITY, _SEQUENCE)) or not any(folder.iterdir())


def check_place(data: Path) -> None:
    """Raises SettingsError for a folder of the system's, whose owner a service would become."""
    if any(map(_is_the_systems, (data, data.resolve()))):
        raise SettingsError(f"{data} belongs to the system. Choose a folder of its own with --data.")


def _is_the_systems(folder: Path) -> bool:
    match folder.parts[1:]:
        case () | ("home", _):
            return True
        case (first,):
            return first in (*_NOT_BELOW, *_NOT_ITSELF)
        case ("var", second):
            return second in _NOT_IN_VAR
        case (first, *_):
            return first in _NOT_BELOW
    return False


def check_folder(data: Path) -> None:
    """Raises SettingsError for a folder that somebody uses for something else."""
    if data.is_symlink():
        raise SettingsError(f"{data} is a link. Name the folder itself with --data.")
    if data.exists() and not data.is_dir():
        raise SettingsError(f"{data} is not a folder. Choose another with --data.")
    if data.exists() and not is_ours(data):
        raise SettingsError(f"{data} holds other files. Choose a folder of its own with --data.")


def check_unused(system: System, folder: Path, *, moving: bool) -> None:
    """Raises SettingsError while a sentry runs on the folder, or programs whose files would be moved."""
    pid = running_pid(folder) if folder.is_dir() else None
    if pid is not None:
        raise SettingsError(
            f"A sentry (pid {pid}) runs on {folder} already. Stop it first, then run this again."
        )
    mining = system.mining(folder) if moving else ()
    if mining:
        pids = " ".join(str(each.pid) for each in mining)
        raise SettingsError(f"Mining programs run from {folder}. Stop them first: kill {pids}")


def earlier(data: Path, candidates: tuple[Path, ...]) -> Path | None:
    """Where the enrolment lies that the service should go on with; None when `data` has one, or nobody."""
    if (data / _IDENTITY).exists():
        return None
    return next((each for each in candidates if each != data and (each / _IDENTITY).is_file()), None)


def move(source: Path, data: Path) -> str:
    """Moves an enrolment with all that belongs to it; gives the rig's name. Raises OSError.

    The sequence goes first, so that the folder is known as ours, the identity last, so that the enrolment
    is found where it was: interrupted anywhere, the next run goes on.
    """
    identity = load_identity(source)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for entry in sorted(source.iterdir(), key=_order):
        if not (data / entry.name).exists():
            shutil.move(entry, data / entry.name)
    return identity.name if identity is not None else "this rig"


def _order(entry: Path) -> int:
    return {_SEQUENCE: 0, _IDENTITY: 2}.get(entry.name, 1)
