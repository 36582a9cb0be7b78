"""The real system, as far as it can be asked without changing it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from edge_sentry.service.machine import ThisMachine
from edge_sentry.service.program import spelled
from edge_sentry.service.system import NOT_RUN, Account

ME = Account("me", os.getuid(), os.getgid())


def test_commands() -> None:
    machine = ThisMachine()
    assert machine.run((sys.executable, "-c", "print('hello')")) == (0, "hello\n")
    assert machine.run((sys.executable, "-c", "raise SystemExit('no')")) == (1, "no\n")
    assert machine.run(("/no/such/program",)).status == NOT_RUN
    assert ThisMachine(timeout_s=0.2).run(("sleep", "20")).status == NOT_RUN
    assert machine.finds("sh")
    assert not machine.finds("no-such-program")


def test_users_and_groups() -> None:
    machine = ThisMachine()
    root = machine.account("root")
    assert root is not None
    assert (root.uid, root.gid) == (0, 0)
    assert machine.account("no-such-user") is None
    assert machine.has_group("root")
    assert not machine.has_group("no-such-group")


def test_a_folder_is_made_private(tmp_path: Path) -> None:
    folder = tmp_path / "lib" / "edge-sentry"
    ThisMachine().give(folder, ME)
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
def test_nothing_outside_the_folder_is_given_away(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("secret")
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "own").touch()
    (folder / "link").symlink_to(outside)
    (folder / "second-name").hardlink_to(outside)
    ThisMachine().give(folder, Account("rig", 64321, 64321))
    assert (folder / "deep" / "own").stat().st_uid == 64321
    assert (folder / "link").lstat().st_uid == 64321
    assert outside.stat().st_uid == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_as_another_user_without_the_callers_environment() -> None:
    code = "import os; print(os.getuid(), os.getgroups(), os.environ.get('USER'))"
    done = ThisMachine().run(("/usr/bin/python3", "-c", code), Account("rig", 64321, 64321))
    if done.status == NOT_RUN:
        message = f"no Python for everyone here: {done.output}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    assert done.output == "64321 [] None\n"


def test_no_mining_without_a_folder(tmp_path: Path) -> None:
    assert ThisMachine().mining(tmp_path) == ()


def test_how_the_program_is_called(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    assert spelled(python, str(tmp_path)) == f"{python} -m edge_sentry"
    script = python.with_name("edge-sentry")
    script.touch(mode=0o755)
    assert spelled(python, str(tmp_path)) == str(script)
    assert spelled(python, str(python.parent)) == "edge-sentry"
