"""Asking a stand-in over a real connection gives the normal form, and every failure a sentence."""

from __future__ import annotations

import socket

import pytest

from edge_sentry.miners.ask import read_miner
from edge_sentry.miners.normal_form import MinerReading, State, Trouble
from edge_sentry.miners.question import HttpGet
from edge_sentry.miners.table import MINERS
from tests.fakes.miner_api import Answer, always, flooding, http, lines, pages, running, silent
from tests.unit.edge_sentry.miners.recordings import BY_FOLDER, RECORDINGS, Recording

XMRIG = MINERS["xmrig"]


def served(recording: Recording) -> Answer:
    """The recording's replies as its program would give them."""
    found = dict(zip(MINERS[recording.miner].questions, recording.replies, strict=True))
    by_page = {each.path: reply for each, reply in found.items() if isinstance(each, HttpGet) and reply}
    if by_page:
        return pages(by_page)
    # The families of sgminer and ccminer end their replies with a NUL.
    return lines(
        {each.text: reply + b"\0" for each, reply in found.items() if not isinstance(each, HttpGet) and reply}
    )


def read(answer: Answer, recording: Recording | None = None, *, deadline_s: float = 20.0) -> MinerReading:
    miner = MINERS[recording.miner] if recording else XMRIG
    now = recording.now if recording else 1.0
    with running(answer) as api:
        return read_miner(miner, api.port, deadline_s=deadline_s, now=lambda: now)


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.folder)
def test_every_recording_over_a_connection(recording: Recording) -> None:
    assert read(served(recording), recording) == recording.expected


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    reading = read_miner(XMRIG, port)
    assert (reading.state, reading.trouble) == (State.API_DOWN, Trouble.NOTHING_LISTENS)
    assert reading.reason == f"nothing listens on 127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (silent, Trouble.NO_ANSWER),
        (flooding(b"HTTP/1.1 200 OK\r\n\r\n"), Trouble.NOT_READABLE),
        (always(http(b"<html></html>")), Trouble.NOT_READABLE),
        (always(http(b"[" * 100_000)), Trouble.NOT_READABLE),
        (always(http(b'{"some": "service"}')), Trouble.ANOTHER_PROGRAM),
        (always(http(b"{}", status="401 Unauthorized")), Trouble.NOT_ALLOWED),
        (always(b"SSH-2.0-OpenSSH_9.2\r\n"), Trouble.ANOTHER_PROGRAM),
    ],
    ids=["silent", "flood", "page for people", "deep", "another service", "token", "no HTTP"],
)
def test_what_cannot_be_read_is_said_and_means_no_more(answer: Answer, trouble: Trouble) -> None:
    reading = read(answer, deadline_s=2.0)
    assert (reading.state, reading.trouble) == (State.API_DOWN, trouble)
    assert (reading.reason or "").startswith("API not readable: ")
    assert (reading.algorithms, reading.devices) == ((), ())


def test_a_question_that_is_not_required_may_fail() -> None:
    recording = BY_FOLDER["xmrig-6.26.0-cuda"]
    summary = recording.replies[0]
    assert summary is not None
    reading = read(pages({"/2/summary": summary, "/2/backends": b"[{"}), recording)
    assert reading.trouble is None
    assert reading.algorithms == recording.expected.algorithms
    assert [(each.part, each.reason) for each in reading.unread] == [
        ("devices", "/2/backends: the reply is cut off")
    ]


def test_a_token_is_sent_where_one_is_given() -> None:
    recording = BY_FOLDER["xmrig-6.22.1"]
    summary = recording.replies[0]
    assert summary is not None
    with running(pages({"/2/summary": summary}, token="secret")) as api:
        assert read_miner(XMRIG, api.port, "secret").trouble is None
        assert read_miner(XMRIG, api.port).trouble is Trouble.NOT_ALLOWED
