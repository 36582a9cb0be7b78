"""`edge-sentry install-service` as it is called."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from edge_sentry.__main__ import main
from edge_sentry.commands.install_service import on_linux, program_folders, windows_folder
from edge_sentry.service.linux import Places
from edge_sentry.settings.folder import SettingsError
from tests.unit.edge_sentry.service.fakes import FakeSystem


def test_print_needs_no_rights_and_does_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    system = FakeSystem(admin=False, programs=set(), groups={"video"})
    places = Places(tmp_path / "unit", tmp_path / "none")
    assert on_linux(system, places, None, str(tmp_path / "lib"), only_print=True) == 0
    printed = capsys.readouterr().out
    assert f"ExecStart={sys.executable} -I -m edge_sentry run --data {tmp_path / 'lib'}\n" in printed
    assert "SupplementaryGroups=video\n" in printed
    assert system.commands == []
    assert list(tmp_path.iterdir()) == []


def test_a_relative_folder_is_made_absolute(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    on_linux(FakeSystem(), Places(tmp_path / "unit", tmp_path), None, "rig", only_print=True)
    assert f"WorkingDirectory={Path.cwd() / 'rig'}\n" in capsys.readouterr().out


def test_a_folder_is_spelled_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = f"{tmp_path}/a/../b/./c/"
    on_linux(FakeSystem(), Places(tmp_path / "unit", tmp_path), None, folder, only_print=True)
    assert f"WorkingDirectory={tmp_path}/b/c\n" in capsys.readouterr().out


def test_a_home_that_nobody_has(tmp_path: Path) -> None:
    places = Places(tmp_path / "unit", tmp_path)
    with pytest.raises(SettingsError, match="Nobody knows the home folder in '~nobody-has-this/x'"):
        on_linux(FakeSystem(), places, None, "~nobody-has-this/x", only_print=True)


@pytest.mark.parametrize(
    "folder",
    ["/", "/etc", "/var/lib/../../etc", "/usr/local/x", "/var/lib", "/home/rig", "/opt", "/run/x", "/dev"],
)
def test_a_folder_of_the_systems_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(SettingsError, match="belongs to the system"):
        on_linux(FakeSystem(), Places(tmp_path / "unit", tmp_path), None, folder, only_print=True)


def test_so_is_a_link_to_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc")
    with pytest.raises(SettingsError, match="belongs to the system"):
        on_linux(
            FakeSystem(), Places(tmp_path / "unit", tmp_path), None, f"{tmp_path}/link/x", only_print=True
        )


@pytest.mark.parametrize("folder", ["/srv/edge", "/var/lib/edge-sentry", "/home/rig/edge", "/data"])
def test_a_folder_of_ones_own_is_not(tmp_path: Path, folder: str) -> None:
    assert on_linux(FakeSystem(), Places(tmp_path / "unit", tmp_path), None, folder, only_print=True) == 0


def test_without_rights(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="sudo"):
        on_linux(FakeSystem(admin=False), Places(tmp_path / "unit", tmp_path), None, None, only_print=False)


def test_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install-service", "--print"]) == 0
    assert "KillMode=process" in capsys.readouterr().out
    assert main(["install-service", "--print", "--user", "root"]) == 1
    assert "name an ordinary user" in capsys.readouterr().err


def test_the_programs_folders_are_known() -> None:
    assert Path(__file__).resolve().parents[4] / "edge_sentry" in program_folders()
    assert all(folder.is_absolute() for folder in program_folders())


def test_folder_on_windows() -> None:
    assert windows_folder(None).name == "edge-sentry"
