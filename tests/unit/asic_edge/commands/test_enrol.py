"""What enrolling says, to a person, of everything that can be right or wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from asic_edge.__main__ import main
from asic_edge.commands.enrol import Wish
from asic_edge.commands.enrol import enrol as command
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.identity import load_identity
from tests.fakes.commander import TOKEN, Answer, FakeCommander, refusal, serving
from tests.fakes.person import FakePerson
from tests.unit.wire.uplink.certificates import self_signed
from wire.messages import AgentKind

OTHER_TOKEN = TOKEN.replace("agent1", "agent2")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def commander() -> Iterator[FakeCommander]:
    with serving(FakeCommander(machine=None)) as served:
        yield served


def enrol(folder: Path, url: str, *more: str, token: str = TOKEN) -> int:
    return main(["enrol", "--url", url, "--token", token, "--data", str(folder), *more])


def test_success(commander: FakeCommander, tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "new"
    assert enrol(folder, commander.url + "/") == 0
    said = capsys.readouterr()
    assert said.out.startswith("Enrolled as rig-01 at farm Home.")
    assert said.err == ""
    identity = load_identity(folder)
    assert identity is not None
    assert (identity.url, identity.agent, identity.epoch) == (commander.url, "agent1", 1)
    assert commander.enrolments[0].kind is AgentKind.ASIC
    assert (folder / "identity.json").stat().st_mode & 0o077 == 0
    assert TOKEN not in repr(identity) + said.out


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (refusal(401, "token_wrong"), "does not know this token."),
        (refusal(403, "agent_deleted", ""), "This token was revoked"),
        (refusal(409, "wrong_kind"), "belongs to a rig's sentry, not to an ASIC edge."),
        (Answer(404, b"<html>"), "it is not a commander."),
        (Answer(503), "busy or unwell (status 503)"),
    ],
)
def test_each_refusal_in_words(
    commander: FakeCommander, tmp_path: Path, capsys: Capture, answer: Answer, sentence: str
) -> None:
    commander.scripted.append(answer)
    assert enrol(tmp_path, commander.url) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert TOKEN not in error
    assert load_identity(tmp_path) is None


def test_a_token_of_a_rig_by_its_reply(commander: FakeCommander, tmp_path: Path, capsys: Capture) -> None:
    commander.machine = "machine1"
    assert enrol(tmp_path, commander.url) == 1
    assert "belongs to a rig's sentry" in capsys.readouterr().err


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
    with serving(FakeCommander(machine=None), tls=context) as commander:
        assert enrol(tmp_path / "data", commander.url) == 1
    assert "TLS failed: the certificate of 127.0.0.1" in capsys.readouterr().err


def test_a_wrong_clock_is_a_warning_only(commander: FakeCommander, tmp_path: Path, capsys: Capture) -> None:
    commander.clock = lambda: time.time() + 3600
    assert enrol(tmp_path, commander.url) == 0
    assert " s behind the commander's." in capsys.readouterr().err


def test_another_agent_needs_force(commander: FakeCommander, tmp_path: Path, capsys: Capture) -> None:
    assert enrol(tmp_path, commander.url) == 0
    assert enrol(tmp_path, commander.url) == 0
    commander.token = OTHER_TOKEN
    assert enrol(tmp_path, commander.url, token=OTHER_TOKEN) == 1
    assert "already enrolled as rig-01 at farm Home. Add --force" in capsys.readouterr().err
    assert enrol(tmp_path, commander.url, "--force", token=OTHER_TOKEN) == 0


def test_without_a_terminal_both_must_be_given(tmp_path: Path, capsys: Capture) -> None:
    assert main(["enrol", "--data", str(tmp_path)]) == 2
    assert "Missing: --url and --token." in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_sent(
    commander: FakeCommander, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "file").touch()
    assert enrol(tmp_path / "file" / "data", commander.url) == 1
    assert "Cannot make the data folder" in capsys.readouterr().err
    assert commander.requests == 0


def test_somebody_is_asked_for_what_is_missing(commander: FakeCommander, tmp_path: Path) -> None:
    person = FakePerson(commander.url, TOKEN)
    assert command(tmp_path, Wish(None, None, allow_http=False, force=False), person) == 0
    assert "not shown" in person.asked[1]
    commander.token = OTHER_TOKEN
    wish = Wish(commander.url, OTHER_TOKEN, allow_http=False, force=False)
    with pytest.raises(SettingsError, match="already enrolled"):
        command(tmp_path, wish, FakePerson(""))
    assert command(tmp_path, wish, FakePerson("yes")) == 0
