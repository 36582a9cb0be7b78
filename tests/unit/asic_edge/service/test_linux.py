"""The service is installed, brought up to date and removed, and each fault is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from asic_edge.commands.install_service import ELSEWHERE, on_linux, said_elsewhere
from asic_edge.service.linux import LinuxService, Places, Wish
from asic_edge.service.system import Account
from asic_edge.service.unit import service_of
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.identity import Identity, save_identity
from asic_edge.settings.lock import taken
from tests.unit.asic_edge.service.fakes import FakeSystem

PYTHON = Path("/opt/asic-edge/bin/python")


class Scene:
    """A system, where its files lie, and what is said."""

    def __init__(self, folder: Path) -> None:
        self.system, self.said = FakeSystem(), list[str]()
        self.data = folder / "data"
        self.places = Places(folder / "asic-edge.service", folder)
        self.service = LinuxService(self.system, self.said.append, self.places)

    def install(self, user: str | None = None) -> None:
        self.service.install(Wish(PYTHON, user, self.data))

    def enrol(self) -> None:
        self.data.mkdir()
        identity = Identity(
            url="https://c.example",
            token="t",
            allow_http=False,
            farm="f",
            farm_name="Home",
            agent="a",
            epoch=1,
            name="edge",
        )
        save_identity(self.data, identity)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_it_is_installed_and_started(scene: Scene) -> None:
    scene.enrol()
    scene.install()
    installed = service_of(scene.places.unit.read_text())
    assert installed is not None
    assert (installed.user, installed.data) == ("asic-edge", scene.data)
    assert scene.system.given == [(scene.data, "asic-edge")]
    assert scene.system.commands[-1] == "systemctl restart asic-edge.service"
    assert any(each.startswith("useradd --system") for each in scene.system.commands)


def test_again_it_stays_as_it_was_wanted(scene: Scene) -> None:
    scene.system.accounts["miner"] = Account("miner", 1000, 1000)
    scene.install("miner")
    assert "Enrol it now" in " ".join(scene.said)
    scene.service.install(Wish(PYTHON))
    assert f"{scene.places.unit} is as it should be." in scene.said


@pytest.mark.parametrize("user", ["root", "Bad Name", "-x"])
def test_it_never_runs_as_root_or_as_nobody_that_can_be(scene: Scene, user: str) -> None:
    with pytest.raises(SettingsError, match="ordinary user"):
        scene.install(user)


def test_what_is_in_the_way_is_said(scene: Scene) -> None:
    scene.system.admin = False
    with pytest.raises(SettingsError, match="sudo asic-edge install-service"):
        scene.install()
    scene.system.admin, scene.system.programs = True, set()
    with pytest.raises(SettingsError, match="not run by systemd"):
        scene.install()
    scene.system.programs = {"systemctl"}
    scene.system.failing = {"--version": "No module named asic_edge."}
    with pytest.raises(SettingsError, match="cannot run this program: No module named"):
        scene.install()


def test_a_folder_of_others_stays_theirs(scene: Scene) -> None:
    scene.data.mkdir()
    (scene.data / "thesis.odt").touch()
    with pytest.raises(SettingsError, match=r"holds other files, such as thesis\.odt"):
        scene.install()
    assert scene.system.given == []


def test_an_edge_that_runs_there_is_stopped_first(scene: Scene) -> None:
    scene.enrol()
    lock = taken(scene.data)
    try:
        with pytest.raises(SettingsError, match="runs on"):
            scene.install()
    finally:
        lock.release()


def test_it_is_removed_and_the_data_stay(scene: Scene) -> None:
    scene.service.uninstall()
    assert scene.said == ["No service of the ASIC edge is installed."]
    scene.enrol()
    scene.install()
    scene.service.uninstall()
    assert not scene.places.unit.exists()
    assert (scene.data / "identity.json").exists()
    assert "systemctl disable --now asic-edge.service" in scene.system.commands


def test_the_unit_is_shown_without_rights(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.system.admin = False
    assert on_linux(scene.system, scene.places, None, str(scene.data), only_print=True) == 0
    assert f"ReadWritePaths={scene.data}" in capsys.readouterr().out.splitlines()


def test_a_relative_folder_is_written_as_the_system_wants_it(
    scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scene.data.parent)
    assert on_linux(scene.system, scene.places, None, "other/../data", only_print=True) == 0
    assert f"WorkingDirectory={scene.data}" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("system", ELSEWHERE)
def test_elsewhere_it_is_said_what_to_do(system: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said_elsewhere(system) == 1
    assert "-m asic_edge run --data FOLDER" in capsys.readouterr().err
