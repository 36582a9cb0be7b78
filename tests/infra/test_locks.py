"""What Lambda runs is what the tests ran: the lock files agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ]+)( ;.*)? \\$", re.MULTILINE)


def _pins(name: str) -> set[tuple[str, str]]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {(found[1], found[2]) for found in PIN.finditer(text)}


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        ("requirements-lambda.lock", "requirements.lock"),
        ("requirements.lock", "requirements-dev.lock"),
    ],
)
def test_larger_lock_has_the_same_versions(smaller: str, larger: str) -> None:
    assert len(_pins(smaller)) > 5
    assert _pins(smaller) <= _pins(larger)


def test_lambda_gets_no_command_line_of_chalice() -> None:
    excluded = (ROOT / "infra" / "lambda-excludes.txt").read_text(encoding="utf-8").splitlines()
    names = {line for line in excluded if not line.startswith("#")}
    assert names
    assert not names & {name for name, _ in _pins("requirements-lambda.lock")}


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_every_package_has_its_hash_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    for block in re.split(r"\n(?=[a-z0-9])", text):
        assert "--hash=sha256:" in block
