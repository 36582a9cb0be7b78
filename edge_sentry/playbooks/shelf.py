"""What of an assignment lies on the rig's disk: the accepted document, its programs and its scripts."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from edge_sentry.playbooks import scripts
from edge_sentry.playbooks.belief import Accepted
from edge_sentry.playbooks.kept import Kept, load_kept, save_kept
from edge_sentry.playbooks.programs import Download, Programs
from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import Unreadable, load
from edge_sentry.supervisor.playbook import Playbook
from wire.assignments import AssignedPlaybook, Document, Revision
from wire.shapes import Id

_NAME = "accepted.json"

log = logging.getLogger(__name__)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """The accepted document. To write it is to accept it: what comes after is done again after a crash."""

    farm: Id
    machine: Id
    epoch: int
    revision: Revision
    document: Document

    @property
    def accepted(self) -> Accepted:
        """Which one it is."""
        return Accepted(self.epoch, self.revision)


class Shelf:
    """Below the data folder. One caller at a time; every method may wait for the disk and raise OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._programs = Programs(folder)

    def record(self, kept: Kept) -> Record | None:
        """What was last accepted for this machine; None when there is nothing, or nothing readable."""
        try:
            found = load(self._folder / _NAME, Record)
        except Unreadable as error:
            log.warning("The accepted document: %s", error)
            return None
        ours = found is not None and (found.farm, found.machine) == (kept.farm, kept.machine)
        return found if ours else None

    def accept(self, record: Record) -> None:
        """Survives a power cut; raises OSError, and the former one is still there."""
        replace_file(self._folder / _NAME, msgspec.json.encode(record), durable=True)

    def keep(self, kept: Kept) -> None:
        """The same for what is remembered beside it."""
        save_kept(self._folder, kept)

    def is_installed(self, playbook: AssignedPlaybook) -> bool:
        """Whether its program is there."""
        return self._programs.is_installed(playbook)

    def install(self, playbook: AssignedPlaybook, download: Download) -> None:
        """Raises FetchError, UnpackError or OSError; then nothing changed."""
        self._programs.install(playbook, download)

    def has_scripts(self, playbook: AssignedPlaybook) -> bool:
        """Whether the scripts of this version are there."""
        pools = range(len(playbook.scripts))
        return all(scripts.script_of(self._folder, playbook, pool).is_file() for pool in pools)

    def write(self, playbook: AssignedPlaybook) -> None:
        """Its scripts."""
        scripts.write_scripts(self._folder, playbook)

    def to_run(self, playbook: AssignedPlaybook, pool: int) -> Playbook:
        """For the supervisor."""
        return scripts.to_run(self._folder, self._programs.place(playbook), playbook, pool)

    def clean(self, document: Document) -> None:
        """Removes what serves no playbook of the document, as far as that is possible."""
        self._programs.keep_only(document.playbooks)
        scripts.keep_only(self._folder, document.playbooks)


def load_pinned(folder: Path, farm: str, machine: str) -> Kept | None:
    """What this machine keeps of its document; None without a key that was pinned for it.

    Raises Unreadable for a damaged file.
    """
    kept = load_kept(folder)
    return kept if kept is not None and (kept.farm, kept.machine) == (farm, machine) else None
