"""What lies on the disk may be anything: a loader neither hangs, nor follows, nor fills the memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from edge_sentry.settings.files import open_plain, overwrite, replace_file
from edge_sentry.settings.loading import Unreadable, load, load_if_readable


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 * 2**30)


def _link(path: Path) -> None:
    real = path.with_name("real")
    real.write_text("{}")
    path.symlink_to(real)


TRICKS: dict[str, Callable[[Path], object]] = {
    "huge": _huge,
    "a pipe": os.mkfifo,
    "a link": _link,
    "a folder": Path.mkdir,
    "empty": Path.touch,
    "deep": lambda path: path.write_bytes(b"[" * 100_000),
    "no text": lambda path: path.write_bytes(b'{"a":"\xff"}'),
    "another type": lambda path: path.write_text('{"a":"x"}'),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_what_we_did_not_write_is_unreadable_in_words(tmp_path: Path, trick: str) -> None:
    path = tmp_path / "file.json"
    TRICKS[trick](path)
    with pytest.raises(Unreadable, match=r"file\.json "):
        load(path, dict[str, int])
    assert load_if_readable(path, dict[str, int]) is None


def test_what_we_wrote_comes_back_and_nothing_is_none(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    assert load(path, dict[str, int]) is None
    path.write_text('{"a": 1}   \n')
    assert load(path, dict[str, int]) == {"a": 1}


def test_a_file_with_a_second_name_is_somebodys(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("precious")
    (tmp_path / "other").hardlink_to(path)
    with pytest.raises(OSError, match="another name"):
        overwrite(path, b"gone")
    os.close(open_plain(path, os.O_RDONLY))
    assert path.read_text() == "precious"


def test_a_link_in_the_place_of_the_half_written_file_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    (tmp_path / f".file.{os.getpid()}").symlink_to(precious)
    replace_file(tmp_path / "file", b"new", durable=False)
    assert (precious.read_text(), (tmp_path / "file").read_text()) == ("precious", "new")
