"""The table of archives is whole: each name once, digests that are digests."""

from __future__ import annotations

import re

from cloud.domain.catalogue.rows import ROWS
from wire.assignments import System


def test_each_archive_stands_once() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names) > 30


def test_names_are_of_a_program_a_version_and_a_system() -> None:
    for row in ROWS:
        program, version, system = row.name.split()
        assert re.fullmatch(r"[a-z0-9-]+", program)
        assert re.fullmatch(r"[A-Za-z0-9._+-]+", version)
        assert system in list(System)


def test_a_digest_is_one_and_what_has_none_says_why() -> None:
    for row in ROWS:
        assert re.fullmatch(r"([0-9a-f]{64})?", row.sha256), row
        assert row.sha256 or row.note, row


def test_no_two_archives_are_the_same_bytes() -> None:
    digests = [row.sha256 for row in ROWS if row.sha256]
    assert len(set(digests)) == len(digests)
