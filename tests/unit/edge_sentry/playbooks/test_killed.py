"""A power cut before and after each thing done on the disk: the next agent ends where it should."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from edge_sentry.playbooks.kept import Kept
from edge_sentry.playbooks.programs import Download
from edge_sentry.playbooks.shelf import Record, Shelf
from tests.unit.edge_sentry.playbooks.fakes import Rig, archive, assigned
from wire.assignments import AssignedPlaybook, Document


class Killed(BaseException):
    """Nothing catches it."""


class Countdown:
    """Kills at a step; each thing that is done has one before and one after it."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.passed = 0

    def step(self) -> None:
        self.passed += 1
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


class DyingShelf(Shelf):
    """A shelf on the real disk."""

    def __init__(self, folder: Path, countdown: Countdown) -> None:
        super().__init__(folder)
        self._countdown = countdown

    def accept(self, record: Record) -> None:
        self._countdown.step()
        super().accept(record)
        self._countdown.step()

    def keep(self, kept: Kept) -> None:
        self._countdown.step()
        super().keep(kept)
        self._countdown.step()

    def install(self, playbook: AssignedPlaybook, download: Download) -> None:
        self._countdown.step()

        def dying(archive: object, path: Path) -> None:
            download(playbook.archive, path)
            self._countdown.step()

        super().install(playbook, dying)
        self._countdown.step()

    def write(self, playbook: AssignedPlaybook) -> None:
        self._countdown.step()
        super().write(playbook)
        self._countdown.step()

    def clean(self, document: Document) -> None:
        self._countdown.step()
        super().clean(document)
        self._countdown.step()


STEPS = 14


def _rig(folder: Path, countdown: Countdown) -> Rig:
    rig = Rig(folder, lambda path: DyingShelf(path, countdown))
    rig.assign(1, assigned())
    rig.step()
    other = archive(b"#!/bin/sh\nexit 0\n")
    rig.far.archives[other.url] = b"#!/bin/sh\nexit 0\n"
    rig.put(2, assigned(version=2, archive=other))
    countdown.passed = 0
    return rig


def _change(rig: Rig) -> None:
    rig.offer(2)
    rig.step()
    rig.step()


def test_there_are_so_many_steps(tmp_path: Path) -> None:
    countdown = Countdown()
    rig = _rig(tmp_path, countdown)
    _change(rig)
    assert countdown.passed >= STEPS - 1


@pytest.mark.parametrize("step", range(STEPS))
def test_killed_between_any_two_steps(tmp_path: Path, step: int) -> None:
    countdown = Countdown()
    rig = _rig(tmp_path, countdown)
    countdown.left = step
    with suppress(Killed):
        _change(rig)
    assert rig.work.running() in ({"gpu": "version 1"}, {"gpu": "version 2"})
    assert Path(rig.work.now.playbooks[0].script).is_file()
    countdown.left = None
    rig.restart()
    rig.step()
    # Whatever was running goes on or is what was accepted; a reply with the same offer ends the matter.
    rig.offer(2)
    rig.step(61)
    rig.step()
    assert (rig.state().revision, rig.work.running()) == (2, {"gpu": "version 2"})
    runs = rig.work.now.playbooks[0]
    assert (Path(runs.folder) / runs.executable).read_bytes() == b"#!/bin/sh\nexit 0\n"
    assert "--version 2" in Path(runs.script).read_text()
    assert len(list((tmp_path / "programs").glob("*/*"))) == 1
    assert len(list((tmp_path / "playbooks").glob("*/*"))) == 1
