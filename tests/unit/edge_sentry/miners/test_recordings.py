"""Every recording gives exactly its normal form, and nothing that is its owner's."""

from __future__ import annotations

import msgspec
import pytest

from edge_sentry.miners.normal_form import MinerReading, State, Trouble
from edge_sentry.miners.table import MINERS
from tests.unit.edge_sentry.miners.recordings import BY_FOLDER, EXPECTED, FOLDER, RECORDINGS, Recording

each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.folder)


@each
def test_gives_exactly_its_normal_form(recording: Recording) -> None:
    assert recording.read() == recording.expected


@each
def test_fits_the_limits_of_the_normal_form(recording: Recording) -> None:
    reading = recording.read()
    assert msgspec.convert(msgspec.to_builtins(reading), MinerReading) == reading


PRIVATE = (b"REDACTED", b"rig-01", b"xmr-miner", b"worker1", b"SRBMiner-Multi-Rig")


@each
def test_no_wallet_user_worker_or_password_comes_through(recording: Recording) -> None:
    told = msgspec.json.encode(recording.read())
    assert [private for private in PRIVATE if private in told] == []


def test_most_recordings_have_something_to_hide() -> None:
    raw = [b"".join(reply for reply in recording.replies if reply) for recording in RECORDINGS]
    assert sum(any(private in reply for private in PRIVATE) for reply in raw) >= 20


def test_every_program_of_the_table_has_a_recording() -> None:
    assert {recording.miner for recording in RECORDINGS} == set(MINERS)


def test_every_folder_is_read_and_has_its_row() -> None:
    folders = {f"{path.parent.name}/{path.name}" for path in FOLDER.glob("*/*")}
    assert folders == {recording.folder for recording in RECORDINGS}
    rows = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert [name for name in BY_FOLDER if f"| `{name}` |" not in rows] == []


@each
def test_every_file_of_a_folder_is_used(recording: Recording) -> None:
    used = {name for name in recording.files if name is not None} | {EXPECTED}
    assert {path.name for path in recording.path.iterdir()} == used


def test_a_reply_that_is_cut_off_is_not_a_dead_miner() -> None:
    reading = BY_FOLDER["xmrig-6.22.1-truncated"].read()
    assert reading.state is State.API_DOWN
    assert reading.trouble is Trouble.NOT_READABLE
    assert reading.reason == "API not readable: the reply is cut off"
