"""Who this sentry is: written once by `enrol`, read by everything else."""

from __future__ import annotations

from pathlib import Path

import msgspec

from edge_sentry.settings.files import read_file, replace_file
from edge_sentry.settings.folder import SettingsError

_NAME = "identity.json"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to an enrolment and how to speak to the commander that gave it."""

    url: str
    token: str
    allow_http: bool
    farm: str
    farm_name: str
    agent: str
    machine: str
    epoch: int
    name: str

    def __repr__(self) -> str:
        return f"Identity(agent={self.agent!r}, url={self.url!r})"  # without the token


def load_identity(folder: Path) -> Identity | None:
    """The identity, None before the first enrolment; raises SettingsError for a damaged file."""
    path = folder / _NAME
    try:
        return msgspec.json.decode(read_file(path), type=Identity)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(
            f"{path} is damaged. Enrol this machine again with: edge-sentry enrol --force"
        ) from error
    except OSError as error:
        raise SettingsError(f"Cannot read {path}: {error.strerror}.") from error


def save_identity(folder: Path, identity: Identity) -> None:
    """Writes it for its owner alone; raises SettingsError."""
    path = folder / _NAME
    try:
        replace_file(path, msgspec.json.encode(identity), durable=True)
    except OSError as error:
        raise SettingsError(f"Cannot write {path}: {error.strerror}.") from error
