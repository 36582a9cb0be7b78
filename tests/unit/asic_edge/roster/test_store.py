"""The roster on disk is whole after a kill, changed by one at a time, and quick with thousands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

from asic_edge.roster.entries import MOST_DEVICES, Entry, RosterError, Words
from asic_edge.roster.matching import admit
from asic_edge.roster.store import LOCK_NAME, NAME, changing, read_roster
from asic_edge.settings.folder import SettingsError
from tests.fakes.asic_roster import sighting

KILLED = """
import os, sys
from pathlib import Path
from asic_edge.roster.entries import Entry
from asic_edge.roster.store import changing
number = 1
while True:
    with changing(Path(sys.argv[1])) as roster:
        # Two entries a change: whoever sees one without the other sees half of it.
        for name in ("a", "b"):
            roster.put(Entry(number=number, name=f"{name}{number}", added_at=0.0))
            number += 1
    if number == 21:
        print(flush=True)
"""


def test_what_was_changed_is_there_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with changing(folder) as roster:
        admit(roster, sighting("10.0.0.1", 1), Words("rack-1", tags=("loud",)))
    assert [each.name for each in read_roster(folder)] == ["rack-1"]
    assert (folder / NAME).stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_nothing_is_saved_when_something_fails(tmp_path: Path) -> None:
    def add_twice() -> None:
        with changing(tmp_path) as roster:
            for number in (1, 2):
                roster.put(Entry(number=number, name="rack-1", added_at=0.0))

    with pytest.raises(RosterError):
        add_twice()
    assert not (tmp_path / NAME).exists()


def test_a_kill_leaves_it_whole_and_unlocked(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    with writer.stdout:
        writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    count = len(read_roster(tmp_path))
    assert count >= 20
    assert count % 2 == 0
    with changing(tmp_path) as roster:
        roster.remove(1)
    assert len(read_roster(tmp_path)) == count - 1


def test_another_writer_is_waited_for_and_told_of(tmp_path: Path) -> None:
    with (
        filelock.FileLock(tmp_path / LOCK_NAME),
        pytest.raises(SettingsError, match="Another asic-edge"),
        changing(tmp_path, lock_within_s=0.05),
    ):
        raise AssertionError("it was let in")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is damaged"),
        (b"\xff", "is damaged"),
        (b'{"version": 2}', "newer asic-edge"),
        (
            b'{"entries":[{"number":1,"name":"a","added_at":0},{"number":2,"name":"A","added_at":0}]}',
            "damaged",
        ),
    ],
)
def test_what_we_did_not_write_is_refused_and_kept(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(SettingsError, match=words), changing(tmp_path):
        raise AssertionError("it was read")
    assert (tmp_path / NAME).read_bytes() == content


def test_a_full_one_is_read_and_written(tmp_path: Path) -> None:
    with changing(tmp_path) as roster:
        for number in range(1, MOST_DEVICES + 1):
            roster.put(Entry(number=number, name="x" * 70 + str(number), place="y" * 120, added_at=0.0))
    assert len(read_roster(tmp_path)) == MOST_DEVICES
