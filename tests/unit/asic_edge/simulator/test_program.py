"""The simulator as a program: says where its devices are, and ends with standard input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from asic_edge.links.json_rpc import read_reply
from asic_edge.links.reasons import LinkError
from asic_edge.simulator.__main__ import main
from asic_edge.simulator.models import MODELS
from tests.fakes.asic_hall import need_low_ports

PROGRAM = [sys.executable, "-m", "asic_edge.simulator", "--until-stdin-closes"]


def test_it_says_where_devices_are_and_ends_with_its_input(tmp_path: Path) -> None:
    need_low_ports()
    journal = tmp_path / "journal.json"
    with subprocess.Popen(
        [
            *PROGRAM,
            "--count",
            "3",
            "--models",
            "whatsminer",
            "--first",
            "127.59.0.254",
            "--journal",
            str(journal),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        ready = json.loads(process.stdout.readline())
        process.stdin.close()
        assert process.wait(timeout=30) == 0
    addresses = ["127.59.0.254", "127.59.1.1", "127.59.1.2"]
    assert ready == {"ready": 3, "models": ["whatsminer"], "addresses": addresses}
    assert json.loads(journal.read_text()) == []


def test_what_cannot_be_done_is_said_in_words(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "--models", "whatsminer", "--recordings", str(tmp_path)],
        input="",
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "holds no recorded answers" in done.stderr
    assert main(["--models", "toaster", "--count", "1"]) == 1


@pytest.mark.parametrize("refusal", [model.refusal for model in MODELS.values() if model.refusal])
def test_refusals_of_the_models_are_refusals(refusal: bytes) -> None:
    with pytest.raises(LinkError, match="refuses the command x"):
        read_reply(refusal, "x")
