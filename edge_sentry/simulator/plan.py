"""The file that says which rigs to pretend to be."""

from __future__ import annotations

from pathlib import Path

import msgspec

from edge_sentry.settings.folder import SettingsError


class PlannedRig(msgspec.Struct, frozen=True):
    """One rig, by its agent's token."""

    token: str

    def __repr__(self) -> str:
        return "PlannedRig()"  # without the token


class Plan(msgspec.Struct, frozen=True):
    """The whole file, readable by its owner alone. The same `seed` gives the same figures."""

    url: str
    rigs: tuple[PlannedRig, ...]
    allow_http: bool = False
    seed: int = 1


def load_plan(file: Path) -> Plan:
    """Raises SettingsError in words that do not quote the file: it holds tokens."""
    try:
        plan = msgspec.json.decode(file.read_bytes(), type=Plan)
    except OSError as error:
        raise SettingsError(f"Cannot read {file}: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(
            f'{file} is not of the form {{"url": …, "rigs": [{{"token": …}}, …]}}.'
        ) from error
    if not plan.rigs:
        raise SettingsError(f"{file} names no rig.")
    return plan
