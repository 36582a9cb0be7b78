"""Documents and archives that are not what was signed: the old work goes on, and it is told once why."""

from __future__ import annotations

import errno
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_sentry.playbooks.web import FetchError
from edge_sentry.supervisor.events import Kind
from tests.fakes.signed import NOW, SigningKey, manifest_of
from tests.unit.edge_sentry.playbooks.fakes import Rig, archive, assigned
from wire.assignments import ASSIGNMENT_PURPOSE, AssignedPool, Document, SignedDocument
from wire.codec import encode


@pytest.fixture
def busy(tmp_path: Path) -> Rig:
    """It runs revision 1."""
    rig = Rig(tmp_path)
    rig.assign(1, assigned())
    rig.step()
    return rig


def _flipped(rig: Rig) -> None:
    rig.put(2, assigned(version=2))
    at = rig.far.body.index(b'"document":"') + 40
    letter = b"A" if rig.far.body[at : at + 1] != b"A" else b"B"
    rig.far.body = rig.far.body[:at] + letter + rig.far.body[at + 1 :]


def _unsigned(rig: Rig) -> None:
    rig.far.body = encode(replace(rig.put(2), signature=bytes(64)))


def _expired(rig: Rig) -> None:
    content = encode(Document())
    manifest = encode(replace(manifest_of(content, revision=2), not_after=NOW))
    signature = rig.key.sign(ASSIGNMENT_PURPOSE + manifest)
    rig.far.body = encode(SignedDocument(manifest, signature, content))


def _older(rig: Rig) -> None:
    rig.put(0)


def _link(rig: Rig) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        link = tarfile.TarInfo("miner")
        link.type, link.linkname = tarfile.SYMTYPE, "/bin/sh"
        tar.addfile(link)
    _other_archive(rig, buffer.getvalue(), "tar.gz")


def _zip_slip(rig: Rig) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../miner"))
    _other_archive(rig, buffer.getvalue(), "tar.gz")


def _missing_executable(rig: Rig) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("readme"))
    _other_archive(rig, buffer.getvalue(), "tar.gz")


def _wrong_hash(rig: Rig) -> None:
    other = archive(b"another")
    rig.put(2, assigned(version=2, archive=other))
    rig.far.archives[other.url] = b"something else"


def _other_archive(rig: Rig, content: bytes, kind: str) -> None:
    other = replace(archive(content), kind=kind)
    rig.far.archives[other.url] = content
    rig.put(2, assigned(version=2, archive=other))


def _no_room(rig: Rig) -> None:
    other = archive(b"another")
    rig.put(2, assigned(version=2, archive=other))
    rig.far.fails["archive"] = OSError(errno.ENOSPC, "No space left on device")


def _no_route(rig: Rig) -> None:
    rig.far.fails["document"] = FetchError("The document's store cannot be reached.")


def _shell(rig: Rig) -> None:
    rig.put(2, replace(assigned(version=2), pools=(AssignedPool("p;rm:1"),)))


REFUSALS: dict[str, tuple[Callable[[Rig], object], str]] = {
    "flipped bit": (_flipped, "its content was changed"),
    "wrong key": (lambda rig: rig.put(2, key=SigningKey(2)), "not signed by the commander"),
    "unsigned": (_unsigned, "not signed by the commander"),
    "no document": (lambda rig: setattr(rig.far, "body", b"<html>"), "cannot be read"),
    "another rig's": (lambda rig: rig.put(2, machine="machine_2"), "for another rig"),
    "another farm's": (lambda rig: rig.put(2, farm="farm_2"), "for another farm"),
    "older revision": (_older, "older than 1"),
    "expired": (_expired, "expired"),
    "wrong hash": (_wrong_hash, "not the archive that was signed"),
    "zip slip": (_zip_slip, "which is not installed"),
    "link": (_link, ""),
    "executable missing": (_missing_executable, "has no miner"),
    "a shell's letters": (_shell, "pools[0].address, letter 2"),
    "disk full": (_no_room, "No space left on device"),
    "no route": (_no_route, "cannot be reached"),
}


@pytest.mark.parametrize(("spoil", "words"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_is_refused_leaves_the_old_work_and_is_told_once(
    busy: Rig, spoil: Callable[[Rig], object], words: str
) -> None:
    before = busy.work.now
    spoil(busy)
    for _ in range(20):
        busy.offer(2)
        busy.step(60)
    assert busy.work.now == before
    assert len(busy.work.assignments) == 1
    assert busy.state().revision == 1
    assert busy.state().offered == 2
    [told] = busy.work.told(Kind.ASSIGNMENT_FAILED)
    assert words in told
    assert len(busy.failed()) == 1
    assert words in busy.failed()[0][2]
    assert list((busy.folder / "programs").glob("*/*.unfinished")) == []
    busy.far.fails.clear()
    busy.assign(3, assigned(version=3))
    assert (busy.state().revision, busy.work.running()) == (3, {"gpu": "version 3"})
