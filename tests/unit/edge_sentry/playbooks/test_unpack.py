"""Archives are unpacked as they are meant, and what could harm is refused in words."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from edge_sentry.playbooks.unpack import Room, UnpackError, remove_folder, unpack
from wire.assignments import Archive

Kind = Literal["tar.gz", "tar.xz", "tar.bz2", "zip", "file"]
Files = dict[str, bytes]
GOOD: Files = {"m-1.0/miner": b"#!/bin/sh\n", "m-1.0/lib/core.so": b"core", "m-1.0/read me (1).txt": b"text"}


def archive(kind: Kind = "tar.gz", executable: str = "m-1.0/miner") -> Archive:
    return Archive("https://downloads.example/m", "0" * 64, kind, executable)


def tar(path: Path, files: Files, kind: str = "gz", *more: tarfile.TarInfo) -> Path:
    with tarfile.open(path, f"w:{kind}") as packed:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            packed.addfile(entry, io.BytesIO(content))
        for entry in more:
            packed.addfile(entry)
    return path


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "into"
    made.mkdir()
    return made


@pytest.fixture
def download(tmp_path: Path) -> Path:
    return tmp_path / "downloaded"


def refusal(given: Archive, download: Path, folder: Path, room: Room = Room()) -> str:  # noqa: B008 - immutable
    with pytest.raises(UnpackError) as refused:
        unpack(given, download, folder, room)
    outside = [path for path in folder.parent.iterdir() if path not in (folder, download)]
    assert outside == []
    return str(refused.value)


@pytest.mark.parametrize("kind", ["gz", "xz", "bz2"])
def test_a_tar_is_unpacked_with_its_executable(
    kind: Literal["gz", "xz", "bz2"], download: Path, folder: Path
) -> None:
    given: dict[str, Kind] = {"gz": "tar.gz", "xz": "tar.xz", "bz2": "tar.bz2"}
    executable = unpack(archive(given[kind]), tar(download, GOOD, kind), folder)
    assert executable == folder / "m-1.0" / "miner"
    assert stat.S_IMODE(executable.stat().st_mode) == 0o755
    assert {name: (folder / name).read_bytes() for name in GOOD} == GOOD


def test_a_zip_is_unpacked_and_its_program_made_executable(download: Path, folder: Path) -> None:
    executable = unpack(archive("zip"), zipped(download, {"m-1.0/": b"", **GOOD}), folder)
    assert stat.S_IMODE(executable.stat().st_mode) == 0o755


def test_a_plain_file_gets_the_name_of_the_executable(download: Path, folder: Path) -> None:
    download.write_bytes(b"program")
    assert unpack(archive("file", "miner"), download, folder).read_bytes() == b"program"


PACKERS: list[tuple[Kind, Callable[[Path, Files], Path]]] = [("tar.gz", tar), ("zip", zipped)]
HARMFUL = (
    "../outside",
    "m/../../outside",
    "/outside",
    "m\\..\\outside",
    "C:/outside",
    "m/miner:stream",
    "m/con.txt",
    "m/ends. ",
    "m/ends.",
    "a\nb",
    "é" * 3,
    "x" * 241,
)


@pytest.mark.parametrize(("kind", "pack"), PACKERS, ids=["tar", "zip"])
@pytest.mark.parametrize("name", HARMFUL)
def test_a_name_that_could_lead_outside_is_refused(
    kind: Kind, pack: Callable[[Path, Files], Path], name: str, download: Path, folder: Path
) -> None:
    assert "not installed" in refusal(archive(kind), pack(download, {name: b"x", **GOOD}), folder)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_refused(kind: bytes, download: Path, folder: Path) -> None:
    entry = tarfile.TarInfo("m-1.0/link")
    entry.type, entry.linkname = kind, "../../outside"
    assert "link or a device" in refusal(archive(), tar(download, GOOD, "gz", entry), folder)


def test_a_link_in_a_zip_is_refused(download: Path, folder: Path) -> None:
    link = zipfile.ZipInfo("m-1.0/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(download, "w") as packed:
        packed.writestr(link, "../../outside")
    assert "link or a device" in refusal(archive("zip"), download, folder)


@pytest.mark.parametrize(("kind", "pack"), PACKERS, ids=["tar", "zip"])
def test_a_small_download_that_becomes_huge_is_stopped(
    kind: Kind, pack: Callable[[Path, Files], Path], download: Path, folder: Path
) -> None:
    pack(download, {"m-1.0/miner": bytes(30_000_000)})
    assert download.stat().st_size < 100_000
    assert "larger than any program" in refusal(archive(kind), download, folder, Room(bytes=1_000_000))
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 1_000_000


def test_a_tar_whose_own_table_is_huge_is_stopped(download: Path, folder: Path) -> None:
    """Else it would be read into memory as a whole."""
    entry = tarfile.TarInfo("m-1.0/miner")
    entry.pax_headers = {"comment": "x" * 20_000_000}
    tar(download, {}, "gz", entry)
    assert download.stat().st_size < 100_000
    assert "table" in refusal(archive(), download, folder)


def test_an_archive_of_very_many_files_is_stopped(download: Path, folder: Path) -> None:
    tar(download, {f"m/{number}": b"" for number in range(20)})
    assert "more than 10 files" in refusal(archive(), download, folder, Room(entries=10))


def test_one_name_twice_is_refused(download: Path, folder: Path) -> None:
    """Also where only capitals differ, which Windows does not tell apart."""
    assert "twice" in refusal(archive(), tar(download, {"m/a": b"1", "M/A": b"2"}), folder)
    remove_folder(folder)
    folder.mkdir()
    assert "as a file and as a folder" in refusal(archive(), tar(download, {"m": b"1", "m/a": b"2"}), folder)


@pytest.mark.parametrize("kind", ["tar.gz", "tar.xz", "tar.bz2", "zip"])
@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"PK\x03\x04" + bytes(50)])
def test_what_is_no_archive_is_refused(kind: Kind, content: bytes, download: Path, folder: Path) -> None:
    download.write_bytes(content)
    assert "damaged" in refusal(archive(kind), download, folder)


@pytest.mark.parametrize(("kind", "pack"), PACKERS, ids=["tar", "zip"])
def test_an_archive_that_is_cut_short_is_refused(
    kind: Kind, pack: Callable[[Path, Files], Path], download: Path, folder: Path
) -> None:
    pack(download, GOOD)
    download.write_bytes(download.read_bytes()[: download.stat().st_size // 2])
    assert "damaged" in refusal(archive(kind), download, folder)


def test_an_archive_without_its_executable_is_refused(download: Path, folder: Path) -> None:
    assert "has no m-1.0/other" in refusal(archive(executable="m-1.0/other"), tar(download, GOOD), folder)
    remove_folder(folder)
    folder.mkdir()
    assert "has no m-1.0/lib" in refusal(archive(executable="m-1.0/lib"), tar(download, GOOD), folder)


def test_removing_a_folder_follows_no_link(tmp_path: Path) -> None:
    kept, link = tmp_path / "kept", tmp_path / "link"
    kept.mkdir()
    (kept / "file").touch()
    link.symlink_to(kept)
    remove_folder(link)
    remove_folder(tmp_path / "missing")
    assert (kept / "file").exists()
    assert not link.is_symlink()
