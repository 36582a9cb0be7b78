"""The version of this program, as installed."""

from __future__ import annotations


def program_version() -> str:
    """For example "0.1.0"; "unknown" when run from a source tree that is not installed."""
    from importlib import metadata  # noqa: PLC0415 - loads the e-mail parser: not for every start

    try:
        return metadata.version("rig-commander")
    except metadata.PackageNotFoundError:
        return "unknown"
