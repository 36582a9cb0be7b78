"""Who this ASIC edge is: written by `enrol`, read by everything that speaks to the commander."""

from __future__ import annotations

from pathlib import Path

import msgspec

from asic_edge.settings.files import load, save

_NAME = "identity.json"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to an enrolment and how to speak to the commander that gave it."""

    url: str
    token: str
    allow_http: bool
    farm: str
    farm_name: str
    agent: str
    epoch: int
    name: str

    def __repr__(self) -> str:
        return f"Identity(agent={self.agent!r}, url={self.url!r})"  # without the token


def load_identity(folder: Path) -> Identity | None:
    """None before the first enrolment; raises SettingsError for a damaged file."""
    return load(folder / _NAME, Identity, "Enrol again with: asic-edge enrol --force")


def save_identity(folder: Path, identity: Identity) -> None:
    """For its owner alone; raises SettingsError."""
    save(folder / _NAME, identity)
