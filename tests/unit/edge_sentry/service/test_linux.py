"""Installing and removing the service, on a fake system with real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.service.linux import LinuxService, Places, Wish
from edge_sentry.service.system import Account, Mining
from edge_sentry.service.unit import service_of
from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.identity import load_identity, save_identity
from edge_sentry.settings.lock import FolderLock
from tests.unit.edge_sentry.service.fakes import FakeSystem
from tests.unit.edge_sentry.settings.test_files import IDENTITY

PYTHON = Path("/opt/edge-sentry/bin/python")


class Rig:
    """A rig with systemd, whose data folder is a temporary one."""

    def __init__(self, tmp_path: Path) -> None:
        self.system = FakeSystem()
        self.said: list[str] = []
        self.places = Places(tmp_path / "edge-sentry.service", tmp_path)
        self.service = LinuxService(self.system, self.said.append, self.places)
        self.data = tmp_path / "lib" / "edge-sentry"
        self.wish = Wish(PYTHON, None, self.data)

    def enrolled(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        save_identity(folder, IDENTITY)

    def install(self, wish: Wish | None = None) -> str:
        self.said.clear()
        self.service.install(wish or self.wish)
        return "\n".join(self.said)

    def uninstall(self, *, purge: bool = False) -> str:
        self.said.clear()
        self.service.uninstall(PYTHON, purge=purge)
        return "\n".join(self.said)


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_an_enrolled_rig_runs_at_once(rig: Rig) -> None:
    rig.enrolled(rig.data)
    said = rig.install()
    assert "Made the system user edge-sentry." in said
    assert "The service runs" in said
    assert rig.system.given == [(rig.data, "edge-sentry")]
    unit = service_of(rig.places.unit.read_text())
    assert unit is not None
    assert (unit.user, unit.data, unit.groups) == ("edge-sentry", rig.data, ("video", "render"))
    assert [line for line in rig.system.commands if line.startswith("systemctl")] == [
        "systemctl is-active --quiet edge-sentry.service",
        "systemctl daemon-reload",
        "systemctl enable edge-sentry.service",
        "systemctl restart edge-sentry.service",
    ]


def test_a_rig_that_is_not_enrolled_is_told_how(rig: Rig) -> None:
    said = rig.install()
    assert f"enrol --data {rig.data}" in said
    assert "systemctl restart edge-sentry.service" not in rig.system.commands
    assert "systemctl enable edge-sentry.service" in rig.system.commands


def test_again_is_an_update_that_keeps_user_and_folder(rig: Rig) -> None:
    rig.enrolled(rig.data)
    rig.system.accounts["rig"] = Account("rig", 1001, 1001)
    rig.install(Wish(PYTHON, "rig", rig.data))
    before = rig.places.unit.read_text()
    said = rig.install(Wish(PYTHON))
    assert rig.places.unit.read_text() == before
    assert "is as it should be" in said
    assert not [line for line in rig.system.commands if "useradd" in line]
    rig.install(Wish(Path("/opt/newer/bin/python")))
    assert "ExecStart=/opt/newer/bin/python " in rig.places.unit.read_text()


def test_the_program_is_tried_as_the_services_user(rig: Rig) -> None:
    rig.enrolled(rig.data)
    rig.system.failing["--version"] = "Permission denied"
    with pytest.raises(SettingsError, match=r"cannot run this program: Permission denied.*/opt/edge-sentry"):
        rig.install()
    assert not rig.places.unit.exists()
    assert "[edge-sentry] /opt/edge-sentry/bin/python -I -m edge_sentry --version" in rig.system.commands


def test_without_root_the_line_to_type_is_said(rig: Rig) -> None:
    rig.system.admin = False
    with pytest.raises(SettingsError, match=r"Run: sudo .* install-service --user rig --data "):
        rig.install(Wish(PYTHON, "rig", rig.data))
    with pytest.raises(SettingsError, match=r"Run: sudo .* uninstall-service --purge"):
        rig.uninstall(purge=True)
    assert rig.system.commands == []


@pytest.mark.parametrize("lacking", ["command", "mark"])
def test_without_systemd(rig: Rig, tmp_path: Path, lacking: str) -> None:
    """Its command is there in many containers in which it does not run."""
    if lacking == "command":
        rig.system.programs.clear()
    else:
        rig.service = LinuxService(rig.system, rig.said.append, Places(rig.places.unit, tmp_path / "none"))
    with pytest.raises(SettingsError, match="not run by systemd"):
        rig.install()


@pytest.mark.parametrize("user", ["root", "", "a b", "-x", "rig;reboot", "Rig"])
def test_users_that_are_none(rig: Rig, user: str) -> None:
    if user:
        with pytest.raises(SettingsError, match="cannot run as"):
            rig.install(Wish(PYTHON, user, rig.data))
    rig.system.accounts["toor"] = Account("toor", 0, 0)
    with pytest.raises(SettingsError, match="root by another name"):
        rig.install(Wish(PYTHON, "toor", rig.data))


def test_the_enrolment_of_the_person_who_calls_is_moved(rig: Rig, tmp_path: Path) -> None:
    mine = tmp_path / "home" / "edge-sentry"
    rig.enrolled(mine)
    (mine / "spool.sqlite").write_bytes(b"samples")
    rig.system.folders = (tmp_path / "nothing", mine)
    assert f"Moved the enrolment of {IDENTITY.name}" in rig.install()
    assert load_identity(rig.data) == IDENTITY
    assert (rig.data / "spool.sqlite").read_bytes() == b"samples"
    assert load_identity(mine) is None, "two sentries with one identity would count in each other's way"


def test_an_enrolment_of_the_service_is_kept(rig: Rig, tmp_path: Path) -> None:
    mine = tmp_path / "home" / "edge-sentry"
    rig.enrolled(mine)
    rig.enrolled(rig.data)
    rig.system.folders = (mine,)
    assert "Moved" not in rig.install()
    assert load_identity(mine) == IDENTITY


def test_a_sentry_that_runs_by_hand_is_not_robbed(rig: Rig, tmp_path: Path) -> None:
    mine = tmp_path / "home" / "edge-sentry"
    rig.enrolled(mine)
    rig.system.folders = (mine,)
    lock = FolderLock(mine)
    with pytest.raises(SettingsError, match=r"A sentry \(pid \d+\) runs on"):
        rig.install()
    lock.release()
    rig.system.mined[mine] = (Mining("xmr", 4711),)
    with pytest.raises(SettingsError, match="kill 4711"):
        rig.install()
    assert load_identity(mine) == IDENTITY


def test_another_folder_takes_the_enrolment_along(rig: Rig, tmp_path: Path) -> None:
    rig.enrolled(rig.data)
    rig.install()
    other = tmp_path / "other"
    assert "Moved the enrolment" in rig.install(Wish(PYTHON, None, other))
    assert load_identity(other) == IDENTITY
    assert rig.system.commands.index("systemctl stop edge-sentry.service") > 0


def test_a_folder_of_somebody_elses_files_is_refused(rig: Rig, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "cat.jpg").touch()
    with pytest.raises(SettingsError, match="holds other files"):
        rig.install(Wish(PYTHON, None, photos))
    link = tmp_path / "link"
    link.symlink_to(photos)
    with pytest.raises(SettingsError, match="is a link"):
        rig.install(Wish(PYTHON, None, link))
    assert rig.system.given == []


def test_a_command_that_fails_ends_it_with_its_reason(rig: Rig) -> None:
    rig.enrolled(rig.data)
    rig.system.failing["systemctl restart"] = "Job failed.\nIt would not start."
    with pytest.raises(SettingsError, match=r"failed: It would not start\. See: journalctl"):
        rig.install()
    rig.system.accounts.clear()
    rig.system.failing["useradd"] = "useradd: disk full"
    with pytest.raises(SettingsError, match="Cannot make the user edge-sentry: useradd: disk full"):
        rig.install()


def test_removing_leaves_programs_and_files(rig: Rig) -> None:
    rig.enrolled(rig.data)
    rig.install()
    rig.system.mined[rig.data] = (Mining("xmr", 4711), Mining("kas", 4712))
    said = rig.uninstall()
    assert "xmr (pid 4711), kas (pid 4712)" in said
    assert "sudo kill 4711 4712" in said
    assert f"sudo rm -r {rig.data}" in said
    assert not rig.places.unit.exists()
    assert rig.system.commands[-2:] == [
        "systemctl disable --now edge-sentry.service",
        "systemctl daemon-reload",
    ]
    assert load_identity(rig.data) == IDENTITY
    assert rig.uninstall() == "No service of the sentry is installed."


def test_purge_removes_files_and_user(rig: Rig) -> None:
    rig.enrolled(rig.data)
    rig.install()
    rig.system.mined[rig.data] = (Mining("xmr", 4711),)
    with pytest.raises(SettingsError, match="kill 4711"):
        rig.uninstall(purge=True)
    assert rig.places.unit.exists(), "refused before anything was done"
    rig.system.mined.clear()
    assert "Removed the user" in rig.uninstall(purge=True)
    assert not rig.data.exists()
    assert rig.system.accounts == {}


def test_purge_leaves_files_that_are_not_ours(rig: Rig) -> None:
    rig.install()
    (rig.data / "cat.jpg").touch()
    with pytest.raises(SettingsError, match="holds other files"):
        rig.uninstall(purge=True)
    assert (rig.data / "cat.jpg").exists()


def test_a_home_is_refused_even_to_its_owner(rig: Rig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter").touch()
    owner = home.stat()
    rig.system.accounts["me"] = Account("me", owner.st_uid or 1000, owner.st_gid)
    with pytest.raises(SettingsError, match="holds other files"):
        rig.install(Wish(PYTHON, "me", home))


def test_purge_leaves_a_user_that_is_not_ours(rig: Rig) -> None:
    rig.enrolled(rig.data)
    rig.system.accounts["rig"] = Account("rig", 1001, 1001)
    rig.install(Wish(PYTHON, "rig", rig.data))
    rig.uninstall(purge=True)
    assert "rig" in rig.system.accounts
