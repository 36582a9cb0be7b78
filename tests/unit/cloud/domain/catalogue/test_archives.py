"""What the catalogue offers can be installed, and nothing without a SHA-256 can."""

from __future__ import annotations

import msgspec

from cloud.domain.catalogue.archives import catalogue
from cloud.domain.catalogue.rows import ROWS
from wire.assignments import Archive, System
from wire.templates import SoftwareArchive

_ALL = [archive for archives in catalogue().values() for archive in archives]


def test_every_row_is_shown() -> None:
    assert len(_ALL) == len(ROWS)


def test_nothing_without_a_digest_can_be_installed() -> None:
    digests = {row.sha256 for row in ROWS if row.sha256}
    offered = {each.archive.sha256 for each in _ALL if each.archive is not None}
    assert offered == digests
    assert sum(each.archive is None for each in _ALL) >= 5


def test_what_is_offered_goes_over_the_wire() -> None:
    for each in _ALL:
        assert msgspec.json.decode(msgspec.json.encode(each), type=SoftwareArchive) == each


def test_an_archive_has_its_address_kind_and_executable() -> None:
    (linux, windows) = catalogue()["xmrig", "6.26.0"]
    place = "https://github.com/xmrig/xmrig/releases/download/v6.26.0/"
    assert linux == SoftwareArchive(
        System.LINUX,
        Archive(
            f"{place}xmrig-6.26.0-linux-static-x64.tar.gz",
            "fc6f8ae5f64e4f17481f7e3be29a1c56949f216a998414188003eae1db20c9e5",
            "tar.gz",
            "xmrig-6.26.0/xmrig",
        ),
        f"{place}xmrig-6.26.0-linux-static-x64.tar.gz",
    )
    assert windows.archive is not None
    assert (windows.archive.kind, windows.archive.executable) == ("zip", "xmrig-6.26.0/xmrig.exe")
