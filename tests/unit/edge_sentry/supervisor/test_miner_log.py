"""The log of a program's output: followed, bounded, redacted, and the raw file cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_sentry.supervisor.miner_log import CUT_AT_BYTES, LOG_BYTES, MOST_AT_ONCE_BYTES, MOST_LINES, MinerLog

SECRET = "wallet-0123456789"


class Program:
    """Writes as a program does whose output was opened for append."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "output"
        self._file = self.path.open("ab", buffering=0)

    def write(self, content: bytes) -> None:
        self._file.write(content)

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.close()


def log_of(folder: Path) -> MinerLog:
    return MinerLog(folder, (SECRET,))


def test_lines_come_whole_and_redacted(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    program.write(b"one\ntwo wal")
    log.follow()
    assert log.last_lines(10) == ["one"]
    program.write(b"let-0123456789\r\x1b[2Kthree\n\n")
    log.follow()
    assert log.last_lines(10) == ["one", "two [hidden]", "three"]
    assert log.last_lines(1) == ["three"]
    assert log.last_lines(0) == []


def test_nothing_written_yet_is_no_trouble(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.follow()
    assert log.last_lines(5) == []


def test_only_the_owner_reads_it(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    program.write(b"one\n")
    log.follow()
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


def test_a_later_agent_goes_on_where_the_line_began(tmp_path: Path, program: Program) -> None:
    program.write(b"one\ntwo wallet")
    log_of(tmp_path).follow()
    program.write(b"-0123456789\n")
    log = log_of(tmp_path)
    log.follow()
    assert log.last_lines(10) == ["one", "two [hidden]"]


def test_of_a_flood_the_end_is_kept_and_the_gap_is_told(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    program.write(b"".join(b"line %06d %s\n" % (number, SECRET.encode()) for number in range(100_000)))
    log.follow()
    lines = log.last_lines(MOST_LINES)
    assert lines[-1] == "line 099999 [hidden]"
    stored = (tmp_path / "log").read_text()
    assert stored.startswith("--- ")
    assert "bytes skipped" in stored.splitlines()[0]
    assert stored.splitlines()[1].startswith("line 0")
    assert len(stored) < 2 * MOST_AT_ONCE_BYTES
    assert "wallet" not in stored


def test_the_raw_file_is_cut_and_the_program_goes_on_at_its_beginning(
    tmp_path: Path, program: Program
) -> None:
    log = log_of(tmp_path)
    program.write(b"x" * (CUT_AT_BYTES - 10) + b"\nlast\n")
    log.follow()
    program.write(b"more\n")
    log.follow()
    program.write(b"rest of a line\nnew\n")
    log.follow()
    assert log.last_lines(1) == ["new"]
    assert program.path.stat().st_size < 100
    assert program.path.read_bytes().startswith(b"rest")


def test_half_a_secret_before_a_cut_does_not_show_after_it(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    program.write(b"x\n" * (CUT_AT_BYTES // 2) + SECRET[:9].encode())
    log.follow()
    program.write(SECRET[9:].encode() + b"\nnext\n")
    log_of(tmp_path).follow()
    lines = log.last_lines(MOST_LINES)
    assert lines[-1] == "next"
    assert not any(SECRET[9:] in line or SECRET[:9] in line for line in lines)


def test_half_a_secret_at_the_end_of_what_is_read_of_a_line(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    # Redaction shortens the line so much that its very end would be shown.
    program.write(SECRET.encode() * 5000 + b"\n")
    log.follow()
    (line,) = log.last_lines(5)
    assert set(line.replace("[hidden]", "").replace("…", "")) <= set("[hide")


def test_a_line_without_end_takes_no_memory(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    for _ in range(20):
        program.write(b"z" * 100_000)
        log.follow()
    program.write(b"\nafter\n")
    log.follow()
    assert log.last_lines(2)[-1] == "after"


def test_a_file_that_somebody_else_cut_is_followed_from_its_beginning(
    tmp_path: Path, program: Program
) -> None:
    log = log_of(tmp_path)
    program.write(b"a longer line\n" * 3)
    log.follow()
    program.path.write_bytes(b"")
    program.write(b"first\nsecond\n")
    log.follow()
    assert log.last_lines(1) == ["second"]


def test_the_log_is_bounded(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    for _ in range(20):
        program.write(b"some line of words\n" * 13_000)
        log.follow()
    sizes = [path.stat().st_size for path in (tmp_path / "log", tmp_path / "log.1")]
    assert sum(sizes) < 2 * (LOG_BYTES + MOST_AT_ONCE_BYTES)
    assert len(log.last_lines(10**6)) == MOST_LINES


def test_the_last_lines_reach_into_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "log.1").write_text("old\n")
    (tmp_path / "log").write_text("new\n")
    assert log_of(tmp_path).last_lines(5) == ["old", "new"]


def test_the_raw_file_is_cut_though_the_log_cannot_be_written(tmp_path: Path, program: Program) -> None:
    (tmp_path / "log").mkdir()
    log = log_of(tmp_path)
    program.write(b"x\n" * CUT_AT_BYTES)
    with pytest.raises(OSError, match="directory"):
        log.follow()
    assert program.path.stat().st_size == 0


def test_our_own_lines_are_marked(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.mark("started: version 1")
    assert log.last_lines(1) == ["--- started: version 1"]


def test_new_secrets_are_cut_from_now_on(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    log.hide(("another-one",))
    program.write(b"another-one\n")
    log.follow()
    assert log.last_lines(1) == ["[hidden]"]


def test_it_counts_what_was_written_though_lines_repeat(tmp_path: Path, program: Program) -> None:
    log = log_of(tmp_path)
    for count in (1, 2, 3):
        program.write(b"speed 10 MH/s\n" * 100)
        log.follow()
        assert log.grown_bytes == count * 1400
    log.follow()
    program.write(b"x" * (MOST_AT_ONCE_BYTES + 1))
    log.follow()
    assert log.grown_bytes == 4200 + MOST_AT_ONCE_BYTES + 1


def _somebodys(folder: Path, name: str, *, hard: bool, size: int) -> Path:
    precious = folder / "precious"
    precious.write_bytes(b"x" * size)
    if hard:
        (folder / name).hardlink_to(precious)
    else:
        (folder / name).symlink_to(precious)
    return precious


@pytest.mark.parametrize("hard", [False, True])
def test_a_raw_file_that_is_somebodys_is_neither_cut_nor_read(tmp_path: Path, hard: bool) -> None:
    precious = _somebodys(tmp_path, "output", hard=hard, size=CUT_AT_BYTES + 1)
    log = log_of(tmp_path)
    with pytest.raises(OSError, match=r"link|another name"):
        log.follow()
    assert precious.stat().st_size == CUT_AT_BYTES + 1
    assert log.last_lines(10) == []


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("name", ["log", "log.at"])
def test_a_log_that_is_somebodys_does_not_grow(
    tmp_path: Path, program: Program, name: str, hard: bool
) -> None:
    precious = _somebodys(tmp_path, name, hard=hard, size=10)
    before = precious.read_bytes()
    log = log_of(tmp_path)
    program.write(b"one\n")
    with pytest.raises(OSError, match=r"link|another name"):
        log.follow()
    assert precious.read_bytes() == before


def test_a_pipe_in_place_of_a_file_holds_nobody_up(tmp_path: Path) -> None:
    for name in ("output", "log", "log.at"):
        os.mkfifo(tmp_path / name)
    log = log_of(tmp_path)
    with pytest.raises(OSError, match="no plain file"):
        log.follow()
    assert log.last_lines(5) == []
