"""A rig whose programs and network are pretended, over a real disk, for the keeper of documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from edge_sentry.playbooks.keeper import Keeper
from edge_sentry.playbooks.kept import Kept, load_kept
from edge_sentry.playbooks.ports import Assigned
from edge_sentry.playbooks.scripts import OURS
from edge_sentry.playbooks.shelf import Shelf
from edge_sentry.playbooks.web import Fetched, FetchError, Progress
from edge_sentry.supervisor.events import Kind, Note
from edge_sentry.supervisor.facts import MinerFacts
from edge_sentry.supervisor.playbook import Playbook
from edge_sentry.supervisor.view import PlaybookView, State
from tests.fakes.moments import FakeMoments
from tests.fakes.signed import FARM, MACHINE, SigningKey, signed
from wire.assignments import (
    Archive,
    AssignedPlaybook,
    AssignedPool,
    AssignmentState,
    Document,
    DocumentPlace,
    SignedDocument,
    StepState,
)
from wire.codec import encode
from wire.messages import ReportReply

PLACE, ARCHIVES = "https://store.example/document", "https://programs.example/"
PROGRAM = b"#!/bin/sh\nsleep 60\n"


def archive(content: bytes = PROGRAM, name: str = "miner") -> Archive:
    digest = hashlib.sha256(content).hexdigest()
    return Archive(f"{ARCHIVES}{digest[:8]}", digest, "file", name)


def assigned(name: str = "gpu", version: int = 1, pools: int = 1, **more: Any) -> AssignedPlaybook:
    """One for a program that does not exist, with a script for each of its pools."""
    scripts = tuple(f"exec ./miner --version {version} --pool {pool}\n" for pool in range(pools))
    fixed = {
        "playbook": name,
        "version": version,
        "name": "A playbook",
        "program": "stand-in",
        "program_version": "1.0",
        "system": OURS,
        "archive": archive(),
        "scripts": scripts,
        "pools": tuple(AssignedPool(f"pool{pool}.example:3333") for pool in range(pools)),
    }
    return AssignedPlaybook(**{**fixed, **more})


class FakeWork:
    """The port `Work`: everything that is assigned runs at once, unless `states` says otherwise."""

    def __init__(self) -> None:
        self.now = Assigned(0, ())
        self.assignments: list[Assigned] = []
        self.fails: Exception | None = None
        self.states: dict[str, State] = {}
        self.facts: dict[str, MinerFacts] = {}
        self.notes: list[tuple[str, Note]] = []

    @property
    def assigned(self) -> Assigned:
        return self.now

    def assign(self, revision: int, playbooks: tuple[Playbook, ...]) -> None:
        if self.fails is not None:
            raise self.fails
        self.now = Assigned(revision, playbooks)
        self.assignments.append(self.now)

    def views(self) -> tuple[PlaybookView, ...]:
        return tuple(map(self._view, self.now.playbooks))

    def _view(self, playbook: Playbook) -> PlaybookView:
        state = self.states.get(playbook.id, State.RUNNING)
        running = playbook.version if state is State.RUNNING else None
        return PlaybookView(
            id=playbook.id,
            program=playbook.program,
            state=state,
            reason="" if state is State.RUNNING else "why",
            version=playbook.version,
            running_version=running,
        )

    def miner(self, playbook: str) -> MinerFacts | None:
        return self.facts.get(playbook)

    def tell(self, playbook: str, note: Note) -> None:
        self.notes.append((playbook, note))

    def running(self) -> dict[str, str]:
        """In the words for people: "version 1", "version 1, pool 2"."""
        return {each.id: each.words(each.version) for each in self.now.playbooks}

    def told(self, kind: Kind) -> list[str]:
        return [note.reason for _, note in self.notes if note.kind is kind and not note.over]


class FakeFar:
    """The port `Far`: what lies in the store, and archives by their address."""

    def __init__(self) -> None:
        self.body = b""
        self.archives: dict[str, bytes] = {archive().url: PROGRAM}
        self.fails: dict[str, Exception] = {}
        self.asked: list[tuple[str, str]] = []
        self.downloads: list[str] = []

    def document(self, url: str, etag: str) -> Fetched | None:
        self.asked.append((url, etag))
        self._fail("document")
        mark = hashlib.sha256(self.body).hexdigest()
        return None if etag == mark else Fetched(self.body, mark)

    def archive(self, archive: Archive, path: Path, progress: Progress) -> None:
        self.downloads.append(archive.url)
        self._fail("archive")
        content = self.archives[archive.url]
        if hashlib.sha256(content).hexdigest() != archive.sha256:
            raise FetchError("What programs.example offers is not the archive that was signed.")
        progress(len(content), len(content))
        path.write_bytes(content)

    def _fail(self, what: str) -> None:
        if (error := self.fails.get(what)) is not None:
            raise error


class Rig:
    """`step` gives the keeper its turn; `restart` makes another one on the same disk."""

    def __init__(self, folder: Path, shelf: Callable[[Path], Shelf] = Shelf) -> None:
        self.folder, self.shelf = folder, shelf
        self.moments = FakeMoments()
        self.key, self.work, self.far = SigningKey(), FakeWork(), FakeFar()
        self.restart()

    def restart(self) -> None:
        kept = load_kept(self.folder) or Kept(farm=FARM, machine=MACHINE, key=self.key.public)
        self.keeper = Keeper(kept, self.shelf(self.folder), self.work, self.far, now=self.moments)

    def step(self, seconds: float = 1.0) -> float:
        self.moments.advance(seconds)
        return self.keeper.work()

    def put(self, revision: int, *playbooks: AssignedPlaybook, **more: Any) -> SignedDocument:
        """Into the store, without a word to the rig."""
        document = signed(Document(playbooks), more.pop("key", self.key), revision=revision, **more)
        self.far.body = encode(document)
        return document

    def offer(self, revision: int, *, url: str = PLACE, epoch: int = 1) -> None:
        """A reply comes that names this revision."""
        at = self.moments.true_time()
        place = DocumentPlace(url, at + 86_400, epoch, revision)
        self.keeper.take(ReportReply(1, 1, at, 10.0, 60.0, document=place))

    def assign(self, revision: int, *playbooks: AssignedPlaybook, **more: Any) -> None:
        """Signed, offered and tried."""
        self.put(revision, *playbooks, **more)
        self.offer(revision, epoch=more.get("epoch", 1))
        self.step()

    def state(self) -> AssignmentState:
        state = self.keeper.state()
        return replace(state, steps=tuple(replace(each, at=None) for each in state.steps))

    def failed(self) -> list[tuple[str, str, str]]:
        steps = self.state().steps
        return [(each.what, each.playbook, each.reason) for each in steps if each.state is StepState.FAILED]

    def script(self, name: str = "gpu") -> str:
        """What the supervisor would run now."""
        found = next(each for each in self.work.now.playbooks if each.id == name)
        return Path(found.script).read_text()
