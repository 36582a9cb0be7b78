"""The operator's commands about the signing key, on a folder as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloud.__main__ import main
from cloud.bootstrap import on_one_machine
from cloud.domain.policy import Policy
from cloud.gateway.folder import STORE_FILE
from cloud.gateway.up import open_folder
from cloud.settings import Settings
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from wire.messages import AgentKind


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a commander that was stopped, with a farm of three rigs."""
    commander = on_one_machine(Settings("http://127.0.0.1:1", Policy()), tmp_path / STORE_FILE)
    farm = create_owner(commander.ports, "you@example.test", "long-enough-word", "North")
    for number in range(3):
        create_agent(commander.ports, farm, f"rig-{number}", AgentKind.CPU_GPU)
    commander.close()
    return tmp_path


def test_a_new_key_is_made_and_all_is_signed_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "signing.key").read_bytes()
    assert main(["admin", "rotate-key", "--data", str(folder)]) == 0
    assert (folder / "signing.key").read_bytes() != before
    assert main(["admin", "sign-again", "--data", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "rigs of 1 farms follow it" in said
    assert "3 of 3 rigs" in said
    assert len(list((folder / "documents").glob("*/*.json"))) == 3


def test_while_the_commander_runs_it_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_folder(folder):
        assert main(["admin", "rotate-key", "--data", str(folder)]) == 1
    assert "in use by another commander" in capsys.readouterr().err


def test_where_there_is_no_commander_none_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "sign-again", "--data", str(tmp_path / "none")]) == 1
    assert "There is no store" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_can_read_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "signing.key").chmod(0o644)
    assert main(["admin", "rotate-key", "--data", str(folder)]) == 1
    assert "chmod 600" in capsys.readouterr().err
