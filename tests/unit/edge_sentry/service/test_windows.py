"""Installing and removing the task, on a fake system: nothing of this was ever run on Windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.service.system import Mining
from edge_sentry.service.windows import WindowsService
from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.identity import save_identity
from edge_sentry.settings.lock import FolderLock
from tests.unit.edge_sentry.service.fakes import FakeSystem
from tests.unit.edge_sentry.settings.test_files import IDENTITY

PYTHON = Path("C:/edge-sentry/python.exe")


def service(tmp_path: Path, system: FakeSystem, said: list[str]) -> WindowsService:
    return WindowsService(system, said.append, tmp_path / "edge-sentry")


def test_install_and_run(tmp_path: Path) -> None:
    system, said = FakeSystem(), list[str]()
    windows = service(tmp_path, system, said)
    windows.install(PYTHON)
    assert "Enrol this rig" in said[-1]
    save_identity(tmp_path / "edge-sentry", IDENTITY)
    windows.install(PYTHON)
    assert system.commands[-1] == "schtasks /Run /TN edge-sentry"
    assert "/inheritance:r" in system.commands[0]
    assert "*S-1-5-19:(OI)(CI)F" in system.commands[0]
    assert not (tmp_path / "edge-sentry" / "task.xml").exists()


def test_without_rights(tmp_path: Path) -> None:
    windows = service(tmp_path, FakeSystem(admin=False), [])
    with pytest.raises(SettingsError, match="Run as administrator"):
        windows.install(PYTHON)


def test_removing_ends_the_sentry_alone(tmp_path: Path) -> None:
    """Without /T, which would end its mining programs too."""
    data = tmp_path / "edge-sentry"
    system, said = FakeSystem(mined={data: (Mining("xmr", 4711),)}), list[str]()
    windows = service(tmp_path, system, said)
    windows.install(PYTHON)
    lock = FolderLock(data)
    with pytest.raises(SettingsError, match="/PID 4711"):
        windows.uninstall(purge=True)
    windows.uninstall(purge=False)
    lock.release()
    ended = [line for line in system.commands if line.startswith("taskkill")]
    assert len(ended) == 1
    assert "/T" not in ended[0]
    assert "4711" not in ended[0]
    assert any("Mining goes on: xmr" in line for line in said)
    assert data.exists()


def test_a_refusal_is_said_and_leaves_no_definition(tmp_path: Path) -> None:
    system = FakeSystem(failing={"/Create": "ERROR: Access is denied."})
    with pytest.raises(SettingsError, match="Access is denied"):
        service(tmp_path, system, []).install(PYTHON)
    assert not (tmp_path / "edge-sentry" / "task.xml").exists()


def test_nothing_installed(tmp_path: Path) -> None:
    said: list[str] = []
    service(tmp_path, FakeSystem(failing={"/Query": ""}), said).uninstall(purge=False)
    assert said == ["No service of the sentry is installed."]
