"""What enrolling says, to a person, of everything that can be right or wrong."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_sentry.__main__ import main
from edge_sentry.collectors import hardware
from edge_sentry.playbooks.kept import load_kept
from edge_sentry.settings.identity import load_identity
from edge_sentry.settings.lock import FolderLock
from edge_sentry.settings.sequence import Sequence
from tests.fakes.commander import TOKEN, Answer, FakeCommander, refusal, serving
from tests.unit.wire.uplink.certificates import self_signed
from wire.assignments import DocumentPlace
from wire.messages import AgentKind

OTHER_TOKEN = TOKEN.replace("agent1", "agent2")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def commander() -> Iterator[FakeCommander]:
    with serving(FakeCommander()) as served:
        yield served


def enrol(folder: Path, url: str, *more: str, token: str = TOKEN) -> int:
    return main(["enrol", "--url", url, "--token", token, "--data", str(folder), *more])


def test_success(commander: FakeCommander, tmp_path: Path, capsys: Capture) -> None:
    assert enrol(tmp_path / "new", commander.url + "/") == 0
    assert capsys.readouterr() == ("Enrolled as rig-01 at farm Home. Start it with: edge-sentry run\n", "")
    identity = load_identity(tmp_path / "new")
    assert identity is not None
    assert (identity.url, identity.machine, identity.epoch) == (commander.url, "machine1", 1)
    assert commander.enrolments[0].kind is AgentKind.CPU_GPU
    assert commander.enrolments[0].hardware == hardware.evidence()
    assert Sequence(tmp_path / "new").next() == 0


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (refusal(401, "token_wrong"), "The commander does not know this token."),
        (refusal(403, "agent_deleted", ""), "This token was revoked"),
        (refusal(403, "agent_deleted", "'rig-1' was deleted."), "'rig-1' was deleted."),
        (refusal(409, "another_machine", "Other hardware."), "Other hardware. Create a sentry for this"),
        (refusal(409, "wrong_kind"), "This token belongs to an ASIC edge, not to a rig."),
        (Answer(404, b"<html>"), "it is not a commander. Check the address."),
        (Answer(302, b"", {"Location": "/login"}), "redirects to another address"),
        (Answer(503), "busy or unwell (status 503)"),
        (refusal(422, "bad_message", "Expected a name."), "refused it: Expected a name."),
    ],
)
def test_each_refusal_in_words(
    commander: FakeCommander, tmp_path: Path, capsys: Capture, answer: Answer, sentence: str
) -> None:
    commander.scripted.append(answer)
    assert enrol(tmp_path, commander.url) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert TOKEN not in error
    assert load_identity(tmp_path) is None


def test_a_token_for_an_asic_edge_by_its_reply(
    commander: FakeCommander, tmp_path: Path, capsys: Capture
) -> None:
    commander.machine = None
    assert enrol(tmp_path, commander.url) == 1
    assert "belongs to an ASIC edge" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("rigs.example", "put https:// before it"),
        ("http://192.0.2.1", "unencrypted (no TLS)"),
        ("http://127.0.0.1:1", "connection refused"),
    ],
)
def test_a_wrong_address(tmp_path: Path, capsys: Capture, url: str, sentence: str) -> None:
    assert enrol(tmp_path, url) == 1
    assert sentence in capsys.readouterr().err


def test_a_certificate_that_nobody_signed(tmp_path: Path, capsys: Capture) -> None:
    _, context = self_signed(tmp_path)
    with serving(FakeCommander(), tls=context) as commander:
        assert enrol(tmp_path / "data", commander.url) == 1
    assert "TLS failed: the certificate of 127.0.0.1" in capsys.readouterr().err
    assert commander.enrolments == []


@pytest.mark.parametrize(("ahead_s", "words"), [(3600, "behind"), (-3600, "ahead of")])
def test_a_wrong_clock_is_a_warning_only(
    commander: FakeCommander, tmp_path: Path, capsys: Capture, ahead_s: float, words: str
) -> None:
    commander.clock = lambda: time.time() + ahead_s
    assert enrol(tmp_path, commander.url) == 0
    said = capsys.readouterr()
    assert f" s {words} the commander's." in said.err
    assert said.out.startswith("Enrolled as rig-01")


def test_enrolling_the_same_agent_again_needs_no_force(commander: FakeCommander, tmp_path: Path) -> None:
    assert enrol(tmp_path, commander.url) == 0
    assert enrol(tmp_path, commander.url) == 0
    identity = load_identity(tmp_path)
    assert identity is not None
    assert identity.epoch == 2


def test_another_agent_needs_force(commander: FakeCommander, tmp_path: Path, capsys: Capture) -> None:
    enrol(tmp_path, commander.url)
    commander.token = OTHER_TOKEN
    assert enrol(tmp_path, commander.url, token=OTHER_TOKEN) == 1
    assert "already enrolled as rig-01 at farm Home. Add --force" in capsys.readouterr().err
    assert len(commander.enrolments) == 1
    assert enrol(tmp_path, commander.url, "--force", token=OTHER_TOKEN) == 0


def test_a_damaged_identity_needs_force(commander: FakeCommander, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "identity.json").write_text("{")
    assert enrol(tmp_path, commander.url) == 1
    assert "enrol --force" in capsys.readouterr().err
    assert enrol(tmp_path, commander.url, "--force") == 0


def test_a_running_agent_must_be_restarted(commander: FakeCommander, tmp_path: Path, capsys: Capture) -> None:
    lock = FolderLock(tmp_path)
    assert enrol(tmp_path, commander.url) == 0
    assert "restart it" in capsys.readouterr().out
    lock.release()


def test_an_unwritable_folder_is_told_before_anything_is_sent(
    commander: FakeCommander, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "file").touch()
    assert enrol(tmp_path / "file" / "data", commander.url) == 1
    assert "Cannot make the data folder" in capsys.readouterr().err
    assert commander.requests == 0


def test_what_is_missing_is_said_where_nobody_can_be_asked(tmp_path: Path, capsys: Capture) -> None:
    assert main(["enrol", "--data", str(tmp_path)]) == 2
    assert "Missing: --url and --token." in capsys.readouterr().err


def test_what_is_missing_is_asked_for_at_a_terminal(commander: FakeCommander, tmp_path: Path) -> None:
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "edge_sentry", "enrol", "--data", str(tmp_path)],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        said = b""
        os.write(keyboard, commander.url.encode() + b"\n")
        while b"not shown" not in said:
            said += os.read(process.stdout.fileno(), 4096)
        os.write(keyboard, TOKEN.encode() + b"\n")
        said += process.stdout.read()
    os.close(keyboard)
    os.close(terminal)
    assert process.returncode == 0
    assert b"Enrolled as rig-01" in said
    assert TOKEN.encode() not in said


class TestTheKey:
    def test_it_is_pinned_with_the_place_of_the_document(
        self, commander: FakeCommander, tmp_path: Path
    ) -> None:
        commander.key, commander.document = b"k" * 32, DocumentPlace("https://store.example/d", 9e9, 1, 1)
        assert enrol(tmp_path, commander.url) == 0
        kept = load_kept(tmp_path)
        assert kept is not None
        assert (kept.farm, kept.machine, kept.key) == ("farm1", "machine1", b"k" * 32)
        assert kept.place == commander.document
        assert (tmp_path / "document.json").stat().st_mode & 0o077 == 0

    def test_another_one_of_the_same_machine_changes_nothing(
        self, commander: FakeCommander, tmp_path: Path
    ) -> None:
        commander.key = b"k" * 32
        enrol(tmp_path, commander.url)
        commander.key = b"j" * 32
        assert enrol(tmp_path, commander.url) == 0
        kept = load_kept(tmp_path)
        assert kept is not None
        assert kept.key == b"k" * 32

    def test_another_machine_begins_anew(self, commander: FakeCommander, tmp_path: Path) -> None:
        commander.key = b"k" * 32
        enrol(tmp_path, commander.url)
        commander.key, commander.machine = b"j" * 32, "machine2"
        assert enrol(tmp_path, commander.url) == 0
        kept = load_kept(tmp_path)
        assert kept is not None
        assert (kept.machine, kept.key) == ("machine2", b"j" * 32)

    def test_a_damaged_file_does_not_hinder(self, commander: FakeCommander, tmp_path: Path) -> None:
        (tmp_path / "document.json").write_text("{")
        commander.key = b"k" * 32
        assert enrol(tmp_path, commander.url) == 0
        assert load_kept(tmp_path) is not None

    def test_a_commander_that_signs_nothing(self, commander: FakeCommander, tmp_path: Path) -> None:
        assert enrol(tmp_path, commander.url) == 0
        assert load_kept(tmp_path) is None
