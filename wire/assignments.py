"""The signed document that says what a rig is to run, and what proves that it may be believed.

A rig believes the exact bytes of a manifest that the pinned key signed, and the document whose digest
stands there. Nothing is ever serialised again to check it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from wire.placeholders import POOLS_MAX, SCRIPT_MAX_LETTERS, TEXT_MAX_LETTERS
from wire.shapes import Epoch, Id, Message, Seconds, ShortText, Size

MANIFEST_MAX_BYTES: Final = 2048
DOCUMENT_MAX_BYTES: Final = 1024 * 1024
PLAYBOOKS_MAX: Final = 16
HANDOVERS_MAX: Final = 16
ASSIGNMENT_PURPOSE: Final = b"rig-commander assignment 1\n"
HANDOVER_PURPOSE: Final = b"rig-commander key handover 1\n"
"""What is signed begins with one of these, so that no signature serves for anything else."""

Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
"""An Ed25519 public key, raw."""
Signature = Annotated[bytes, Meta(min_length=64, max_length=64)]
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Revision = Annotated[int, Meta(ge=0, lt=2**40)]
RelativePath = Annotated[
    str, Meta(pattern=r"\A[A-Za-z0-9._+-]+(/[A-Za-z0-9._+-]+)*\Z", max_length=TEXT_MAX_LETTERS)
]


class System(StrEnum):
    """For which systems a script or an archive is."""

    LINUX = "linux-x64"
    WINDOWS = "windows-x64"


class Archive(Message, frozen=True):
    """What is downloaded to install a program: never anything but the bytes with this digest.

    `executable`: its path within the archive; of a `file`, the name that it gets.
    """

    url: Annotated[str, Meta(pattern=r"\Ahttps?://[!-~]+\Z", max_length=1000)]
    sha256: Sha256
    kind: Literal["tar.gz", "tar.xz", "tar.bz2", "zip", "file"]
    executable: RelativePath


class AssignedPool(Message, frozen=True):
    """A pool of a playbook as "host:port", by which the rig knows whether its program is connected."""

    address: Annotated[str, Meta(max_length=120)]
    tls: bool = False


class AssignedPlaybook(Message, frozen=True):
    """A playbook, filled for this rig. A change is known by `version` alone.

    `scripts`: one for each of `pools`, the first to begin with, or a single one for a program that changes
    between pools itself. `secrets`: texts of them that no log may hold.
    """

    playbook: Id
    version: Annotated[int, Meta(ge=1, lt=2**40)]
    name: ShortText
    program: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._-]+\Z", max_length=64)]
    program_version: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._+-]+\Z", max_length=64)]
    system: System
    archive: Archive
    scripts: Annotated[
        tuple[Annotated[str, Meta(max_length=2 * SCRIPT_MAX_LETTERS)], ...],
        Meta(min_length=1, max_length=POOLS_MAX),
    ]
    pools: Annotated[tuple[AssignedPool, ...], Meta(min_length=1, max_length=POOLS_MAX)]
    api_port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    devices: Annotated[tuple[ShortText, ...], Meta(max_length=64)] = ()
    secrets: Annotated[tuple[ShortText, ...], Meta(max_length=32)] = ()


class Document(Message, frozen=True):
    """All that a rig is to run; none: nothing."""

    playbooks: Annotated[tuple[AssignedPlaybook, ...], Meta(max_length=PLAYBOOKS_MAX)] = ()


class Manifest(Message, frozen=True):
    """Of which rig a document is, and which one it is. Newer is a larger (epoch, revision).

    After `not_after` it is not accepted any more; one that was accepted runs without limit of time.
    """

    farm: Id
    machine: Id
    epoch: Epoch
    revision: Revision
    not_after: Seconds
    sha256: Sha256
    size: Size


class Handover(Message, frozen=True):
    """The key that counts from now on, signed by the one before it."""

    farm: Id
    key: Key
    at: Seconds


class SignedHandover(Message, frozen=True):
    """`handover` is the JSON of a Handover, as it was signed."""

    handover: Annotated[bytes, Meta(max_length=MANIFEST_MAX_BYTES)]
    signature: Signature


class SignedDocument(Message, frozen=True):
    """What lies in the store for each rig. `manifest` and `document` are JSON, as they were signed.

    `handovers` lead from any earlier key to the one that signed, the oldest first.
    """

    manifest: Annotated[bytes, Meta(max_length=MANIFEST_MAX_BYTES)]
    signature: Signature
    document: Annotated[bytes, Meta(max_length=DOCUMENT_MAX_BYTES)]
    handovers: Annotated[tuple[SignedHandover, ...], Meta(max_length=HANDOVERS_MAX)] = ()


# How a rig learns of its document, and tells what became of it.


class DocumentPlace(Message, frozen=True):
    """Where a rig's document lies, in a reply: an address that works until `until`, and its newest revision.

    A rig keeps the address, and asks there by itself when the commander is silent.
    """

    url: Annotated[str, Meta(max_length=2000)]
    until: Seconds
    epoch: Epoch
    revision: Revision


class StepState(StrEnum):
    """Where a step of an assignment stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Step(Message, frozen=True):
    """One thing that a rig does for a revision: download, verify, stop, install, write, start.

    `playbook`: of which one, "" for the whole. `done` and `total`: bytes of a download.
    """

    what: Literal["fetch", "download", "install", "write", "stop", "start"]
    state: StepState
    playbook: Annotated[str, Meta(max_length=64)] = ""
    reason: Annotated[str, Meta(max_length=300)] = ""
    at: Seconds | None = None
    done: Size | None = None
    total: Size | None = None


class AssignmentState(Message, frozen=True):
    """What a rig runs, and what it does for a newer one. (epoch, revision): last accepted; 0, 0: none yet.

    `offered`: the revision that it works on or that failed, with its steps; `pool`: of each playbook the one
    that it mines for, from 0.
    """

    epoch: Annotated[int, Meta(ge=0, lt=2**22)]
    revision: Revision
    offered: Revision | None = None
    steps: Annotated[tuple[Step, ...], Meta(max_length=100)] = ()
    pool: Annotated[dict[str, Annotated[int, Meta(ge=0, lt=POOLS_MAX)]], Meta(max_length=PLAYBOOKS_MAX)] = {}  # noqa: RUF012 - msgspec copies it
