"""Moving an enrolment: interrupted anywhere, it goes on."""

from __future__ import annotations

from pathlib import Path

from edge_sentry.service.handover import check_folder, earlier, move
from edge_sentry.settings.identity import load_identity, save_identity
from tests.unit.edge_sentry.settings.test_files import IDENTITY


def test_an_interrupted_move_goes_on(tmp_path: Path) -> None:
    """The identity goes last: until then the enrolment is found where it was."""
    source, data = tmp_path / "mine", tmp_path / "lib"
    source.mkdir()
    data.mkdir()
    save_identity(source, IDENTITY)
    (source / "zebra").write_text("sorts behind the identity")
    (data / "sequence").write_text("moved already")
    assert earlier(data, (data, tmp_path / "none", source)) == source
    check_folder(data)
    assert move(source, data) == IDENTITY.name
    assert load_identity(data) == IDENTITY
    assert (data / "zebra").exists()
    assert (data / "sequence").read_text() == "moved already"
    assert earlier(data, (source,)) is None


def test_what_is_there_already_is_kept(tmp_path: Path) -> None:
    source, data = tmp_path / "mine", tmp_path / "lib"
    for folder in (source, data):
        folder.mkdir()
    save_identity(source, IDENTITY)
    (source / "lock").write_text("1")
    (data / "lock").write_text("2")
    move(source, data)
    assert (data / "lock").read_text() == "2"
