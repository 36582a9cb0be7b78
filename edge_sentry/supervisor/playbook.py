"""What a rig is to run: the last good assignment, kept on disk so that a boot needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import load, load_if_readable
from edge_sentry.supervisor.versions import Version, unpacked

Id = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
Number = Annotated[int, Meta(ge=0, lt=2**40)]
Port = Annotated[int, Meta(ge=1, le=65535)]
Celsius = Annotated[float, Meta(ge=40, le=150)]
# No letter that a shell, which puts the words of a variable apart, could read something into.
Token = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._~+/=-]{4,200}\Z")]
# What the system can hand to a program.
SystemPath = Annotated[str, Meta(pattern=r"\A[^\0]+\Z", max_length=4096)]
VariableName = Annotated[str, Meta(pattern=r"\A[^=\0]+\Z")]
VariableText = Annotated[str, Meta(pattern=r"\A[^\0]*\Z")]
CPU = "cpu0"
_NAME = "assignment.json"


class Playbook(msgspec.Struct, frozen=True, kw_only=True):
    """One mining program with all that a start needs; the script lies there, executable, already.

    `executable` is the file name of the program, by which one that somebody else started is known.
    `devices`: PCI addresses, "cpu0" for the processors; empty stands for all of the rig's.
    `secrets`: texts that no log may hold. A change is known by `version` alone.
    `hashrate_after`: of a program without an API, the words before the hashrate in its log; "" for any
    hashrate that stands there, None where the log tells none. `api_token`: with which its API is to be
    asked, where the program takes one; no log holds it either. `packed`: `version` is one of
    `edge_sentry.supervisor.versions`.
    """

    id: Id
    version: Annotated[int, Meta(ge=1, lt=2**40)]
    program: Annotated[str, Meta(max_length=64)]
    executable: str
    folder: SystemPath
    script: SystemPath
    api_port: Port | None = None
    environment: dict[VariableName, VariableText] = {}
    secrets: tuple[str, ...] = ()
    warm_up_s: Annotated[float, Meta(ge=0, le=1e11)] = 0.0
    devices: tuple[str, ...] = ()
    hashrate_after: Annotated[str, Meta(max_length=40)] | None = None
    api_token: Token | None = None
    packed: bool = False

    def words(self, version: int) -> str:
        """One of its versions, as people count them."""
        number, _, pool = unpacked(version) if self.packed else Version(version)
        return f"version {number}" + (f", pool {pool + 1}" if pool else "")

    @property
    def hidden(self) -> tuple[str, ...]:
        """Texts that no log may hold."""
        return self.secrets if self.api_token is None else (*self.secrets, self.api_token)


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A program that somebody else runs and the owner named: only read, never started nor stopped.

    `executable` "": not known until it was read once.
    """

    id: Id
    program: str
    executable: str = ""
    api_port: Port | None = None


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """All that a rig is to run and may do. The limits are the owner's, None for the defaults.

    `left_alone`: what was assigned by a file that was lost and cannot be told any more; its run is not ended.
    """

    revision: Number = 0
    playbooks: tuple[Playbook, ...] = ()
    watched: tuple[Watched, ...] = ()
    left_alone: tuple[Id, ...] = ()
    reboot_allowed: bool = False
    core_limit_c: Celsius | None = None
    memory_limit_c: Celsius | None = None

    def __post_init__(self) -> None:
        ids = [*(each.id for each in self.playbooks), *(each.id for each in self.watched)]
        if len(set(ids)) != len(ids):
            raise ValueError("two of its playbooks have the same id")


def load_assignment(folder: Path) -> Assignment | None:
    """What was last saved; None when there is nothing, or nothing readable."""
    return load_if_readable(folder / _NAME, Assignment)


def read_assignment(folder: Path) -> Assignment | None:
    """What was last saved, None when there is none; raises Unreadable."""
    return load(folder / _NAME, Assignment)


def set_aside(folder: Path) -> str:
    """Keeps a file that cannot be read for a person to look at; gives its new name. Raises OSError."""
    (folder / _NAME).replace(folder / f"{_NAME}.unreadable")
    return f"{_NAME}.unreadable"


def save_assignment(folder: Path, assignment: Assignment) -> None:
    """Raises OSError, and ValueError for one that could not be read again; the earlier one is still there."""
    content = msgspec.json.encode(assignment)
    msgspec.json.decode(content, type=Assignment)
    replace_file(folder / _NAME, content, durable=True)
