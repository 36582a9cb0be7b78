"""What the agent remembers of its document: the pinned key, what was accepted, where the next one is."""

from __future__ import annotations

from pathlib import Path

import msgspec

from edge_sentry.playbooks.belief import Accepted, Rig
from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import load
from wire.assignments import DocumentPlace, Key, Revision
from wire.messages import EnrolmentReply
from wire.shapes import Id

_NAME = "document.json"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`etag` is of the accepted document at `place`. (epoch, revision) 0, 0: nothing was accepted yet."""

    farm: Id
    machine: Id
    key: Key
    epoch: int = 0
    revision: Revision = 0
    etag: str = ""
    place: DocumentPlace | None = None

    @property
    def rig(self) -> Rig:
        """Who we are, as documents name us."""
        return Rig(self.farm, self.machine, self.key)

    @property
    def accepted(self) -> Accepted:
        """What nothing may be older than."""
        return Accepted(self.epoch, self.revision)


def pinned(before: Kept | None, reply: EnrolmentReply) -> Kept | None:
    """What is kept after an enrolment, None where that commander signs nothing.

    Of the same farm and machine the key that was pinned stays, for it was learnt when nobody stood between:
    only its own successors replace it. Another farm or machine begins anew.
    """
    if reply.key is None or reply.machine is None:
        return None
    if before is not None and (before.farm, before.machine) == (reply.farm, reply.machine):
        return msgspec.structs.replace(before, place=reply.document or before.place)
    return Kept(farm=reply.farm, machine=reply.machine, key=reply.key, place=reply.document)


def load_kept(folder: Path) -> Kept | None:
    """None when there is nothing; raises Unreadable for a damaged file."""
    return load(folder / _NAME, Kept)


def save_kept(folder: Path, kept: Kept) -> None:
    """Survives a power cut. Raises OSError; the former one is then still there."""
    replace_file(folder / _NAME, msgspec.json.encode(kept), durable=True)
