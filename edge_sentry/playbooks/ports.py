"""What an assignment needs of its surroundings: who runs programs, and who fetches what is far away."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from edge_sentry.playbooks.web import Fetched, Progress
from edge_sentry.supervisor.events import Note
from edge_sentry.supervisor.facts import MinerFacts
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.view import PlaybookView
from wire.assignments import Archive


class Assigned(NamedTuple):
    """What is to be kept running."""

    revision: int
    playbooks: tuple[Playbook, ...]


class Work(Protocol):
    """The port to whoever keeps programs running."""

    @property
    def assigned(self) -> Assigned:
        """What is to run, as it lies on the disk."""

    def assign(self, revision: int, playbooks: tuple[Playbook, ...]) -> None:
        """These alone from now on, and at every boot. Raises OSError or ValueError; then all stays."""

    def views(self) -> tuple[PlaybookView, ...]:
        """Where each program stood at the last look."""

    def miner(self, playbook: str) -> MinerFacts | None:
        """What it last told of itself."""

    def tell(self, playbook: str, note: Note) -> None:
        """An event; "" is the rig."""


class Far(Protocol):
    """The port to documents and archives. Raises FetchError."""

    def document(self, url: str, etag: str) -> Fetched | None:
        """None when it is the one with this mark."""

    def archive(self, archive: Archive, path: Path, progress: Progress) -> None:
        """At `path` only ever the bytes with its digest."""
