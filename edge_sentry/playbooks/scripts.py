"""Writes the start scripts of a playbook and says to the supervisor what is to run."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from edge_sentry.playbooks.unpack import remove_folder
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.versions import Version, packed
from wire.assignments import AssignedPlaybook, System

FOLDER: Final = "playbooks"
OURS: Final = System.WINDOWS if sys.platform == "win32" else System.LINUX
_ENDINGS: Final = {System.LINUX: ".sh", System.WINDOWS: ".bat"}
_VERSION = re.compile(r"[0-9]{1,13}-[0-9a-f]{4}")


def script_texts(playbook: AssignedPlaybook) -> tuple[str, ...]:
    """As they are written: for cmd with its line ends, for sh with a first line that names it."""
    if playbook.system is System.WINDOWS:
        return tuple(text.replace("\n", "\r\n") for text in playbook.scripts)
    return tuple(text if text.startswith("#!") else f"#!/bin/sh\n{text}" for text in playbook.scripts)


def variant_of(playbook: AssignedPlaybook) -> int:
    """A digest of what a start depends on: a rig's worker or port may change while the version stays."""
    archive = playbook.archive
    content = (playbook.scripts, playbook.api_port, playbook.devices, archive.sha256, archive.executable)
    return int.from_bytes(hashlib.sha256(msgspec.json.encode(content)).digest()[:2], "big")


def folder_of(data_folder: Path, playbook: AssignedPlaybook) -> Path:
    """Where the scripts of this version lie; never those of another, which may run still."""
    name = f"{playbook.version}-{variant_of(playbook):04x}"
    return data_folder / FOLDER / playbook.playbook / name


def script_of(data_folder: Path, playbook: AssignedPlaybook, pool: int) -> Path:
    """The script that mines for that one of its pools first."""
    number = pool if pool < len(playbook.scripts) else 0
    return folder_of(data_folder, playbook) / f"start-{number + 1}{_ENDINGS[playbook.system]}"


def write_scripts(data_folder: Path, playbook: AssignedPlaybook) -> None:
    """Raises OSError. Scripts are for their owner alone, for wallets and passwords stand in them."""
    folder = folder_of(data_folder, playbook)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for pool, text in enumerate(script_texts(playbook)):
        path = script_of(data_folder, playbook, pool)
        unfinished = path.with_name(f".{path.name}")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o700)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)


def to_run(data_folder: Path, program: Path, playbook: AssignedPlaybook, pool: int) -> Playbook:
    """What the supervisor keeps running; `program` is the folder that the archive was unpacked to.

    Another pool is another version for it, which it starts anew.
    """
    inside = PurePosixPath(playbook.archive.executable)
    return Playbook(
        id=playbook.playbook,
        version=packed(Version(playbook.version, variant_of(playbook), min(pool, len(playbook.scripts) - 1))),
        program=playbook.program,
        executable=inside.name,
        folder=str(program / inside.parent),
        script=str(script_of(data_folder, playbook, pool)),
        api_port=playbook.api_port,
        secrets=playbook.secrets,
        devices=playbook.devices,
        packed=True,
    )


def keep_only(data_folder: Path, playbooks: tuple[AssignedPlaybook, ...]) -> None:
    """Removes the scripts of versions that no longer serve, as far as that is possible."""
    kept = {folder_of(data_folder, each) for each in playbooks}
    for folder in (data_folder / FOLDER).glob("*/*"):
        if folder not in kept and _VERSION.fullmatch(folder.name):
            try:
                remove_folder(folder)
            except OSError:
                continue
