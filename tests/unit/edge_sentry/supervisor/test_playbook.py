"""The assignment on disk: whole or not at all, and never what it must not be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_sentry.supervisor.playbook import Assignment, Playbook, Watched, load_assignment, save_assignment
from edge_sentry.supervisor.versions import Version, packed, unpacked
from tests.unit.edge_sentry.supervisor.fakes import playbook


def test_comes_back_as_it_was_saved_readable_by_its_owner_alone(tmp_path: Path) -> None:
    full = playbook(
        "gpu-1",
        7,
        api_port=4067,
        environment={"GPU_MAX_HEAP_SIZE": "100"},
        secrets=("wallet",),
        warm_up_s=120.0,
        devices=("0000:01:00.0",),
        api_token="let-me-in",
    )
    assert full.hidden == ("wallet", "let-me-in")
    watched = Watched(id="other", program="x", executable="x", api_port=4000)
    assignment = Assignment(
        revision=3, playbooks=(full,), watched=(watched,), reboot_allowed=True, core_limit_c=80
    )
    save_assignment(tmp_path, assignment)
    assert load_assignment(tmp_path) == assignment
    assert (tmp_path / "assignment.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"revision":-1}', b"\xff"])
def test_a_damaged_one_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "assignment.json").write_bytes(content)
    assert load_assignment(tmp_path) is None


def test_none_is_none(tmp_path: Path) -> None:
    assert load_assignment(tmp_path) is None


def test_the_same_id_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        Assignment(playbooks=(playbook(), playbook(version=2)))


@pytest.mark.parametrize("token", ["", "abc", "a b c d", "$(reboot)", "x*yz", "x" * 201, "ümlaut"])
def test_a_token_is_one_word_that_no_shell_reads_something_into(token: str) -> None:
    plain = msgspec.to_builtins(playbook())
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**plain, "api_token": token}, Playbook)


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "x" * 65])
def test_an_id_is_a_safe_name_of_a_folder(name: str) -> None:
    plain = msgspec.to_builtins(playbook())
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**plain, "id": name}, Playbook)


@pytest.mark.parametrize(
    "change",
    [
        {"environment": {"A=B": "x"}},
        {"environment": {"": "x"}},
        {"environment": {"A": "x\0"}},
        {"environment": {"A\0": "x"}},
        {"folder": ""},
        {"script": "/a\0b"},
        {"version": 2**70},
        {"id": "gpu\n"},
    ],
)
def test_what_no_system_could_start_is_not_assigned(tmp_path: Path, change: dict[str, Any]) -> None:
    wrong = Playbook(**{**msgspec.structs.asdict(playbook()), **change})
    with pytest.raises(ValueError, match="Expected"):
        save_assignment(tmp_path, Assignment(playbooks=(wrong,)))
    assert load_assignment(tmp_path) is None


def test_versions_are_told_as_people_count_them() -> None:
    assert playbook(version=3).words(3) == "version 3"
    assert playbook(packed=True).words(packed(Version(3, 77))) == "version 3"
    assert playbook(packed=True).words(packed(Version(3, 77, 1))) == "version 3, pool 2"


@given(st.builds(Version, st.integers(1, 2**20), st.integers(0, 2**16 - 1), st.integers(0, 7)))
def test_a_version_is_packed_and_unpacked(version: Version) -> None:
    assert unpacked(packed(version)) == version
    playbook(version=packed(version))
