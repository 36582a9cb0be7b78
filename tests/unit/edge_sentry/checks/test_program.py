"""Checks of the program, its folder and its enrolment."""

from __future__ import annotations

import os

import msgspec
import pytest

from edge_sentry.checks import program
from edge_sentry.checks.finding import Level
from edge_sentry.checks.sight import Seen
from edge_sentry.service.system import Account
from edge_sentry.settings.lock import FolderLock
from edge_sentry.settings.status import save_status
from tests.unit.edge_sentry.checks.fakes import Rig
from tests.unit.edge_sentry.commands.test_status import STATUS


def test_python(rig: Rig) -> None:
    assert program.python(rig.sight(python=(3, 11, 0))).level is Level.OK
    old = program.python(rig.sight(python=(3, 10, 9)))
    assert (old.level, "3.10.9" in old.text) == (Level.BAD, True)


def test_data_folder(rig: Rig) -> None:
    assert program.data_folder(rig.sight()).level is Level.OK
    rig.folder.chmod(0o750)
    open_folder = program.data_folder(rig.sight())
    assert (open_folder.level, open_folder.advice) == (Level.BAD, f"Run: chmod 700 {rig.folder}")
    missing = program.data_folder(rig.sight(folder=rig.root / "none"))
    assert (missing.level, "edge-sentry enrol" in missing.advice) == (Level.BAD, True)


def test_data_folder_that_is_a_file(rig: Rig) -> None:
    file = rig.root / "file"
    file.write_text("")
    found = program.data_folder(rig.sight(folder=file))
    assert (found.level, found.text) == (Level.BAD, f"{file} is not a folder")
    for other in (program.enrolled, program.running):
        assert other(rig.sight(folder=file)).level is Level.SKIPPED


def test_data_folder_of_another(rig: Rig) -> None:
    another = program.data_folder(rig.sight(uid=os.getuid() + 1))
    assert (another.level, "chown -R owner" in another.advice) == (Level.BAD, True)
    rig.install()
    assert program.data_folder(rig.sight(uid=0)).level is Level.OK, "root looks at the service's folder"
    rig.eyes.accounts["edge-sentry"] = Account("edge-sentry", os.getuid() + 1, 1)
    handed = program.data_folder(rig.sight(uid=0))
    assert (handed.level, "install-service" in handed.advice) == (Level.BAD, True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make another's files")
def test_a_file_of_root_in_the_services_folder(rig: Rig) -> None:
    """As after `sudo edge-sentry enrol`: the sentry could not read it."""
    rig.install()
    rig.eyes.accounts["edge-sentry"] = Account("edge-sentry", 64321, 64321)
    os.chown(rig.folder, 64321, 64321)
    found = program.data_folder(rig.sight(uid=0))
    assert (found.level, "identity.json" in found.text) == (Level.BAD, True)


def test_enrolled(rig: Rig) -> None:
    assert program.enrolled(rig.sight()).level is Level.OK
    (rig.folder / "identity.json").write_text("{")
    assert "damaged" in program.enrolled(rig.sight()).text
    (rig.folder / "identity.json").unlink()
    assert program.enrolled(rig.sight()).level is Level.BAD


def test_running(rig: Rig) -> None:
    assert program.running(rig.sight()).advice == "Start it: edge-sentry run"
    lock = FolderLock(rig.folder)
    assert program.running(rig.sight()).text == f"pid {os.getpid()}"
    lock.release()
    rig.install()
    assert program.running(rig.sight()).advice == "Start it: sudo systemctl start edge-sentry"


@pytest.mark.parametrize(
    ("command", "level"),
    [
        ("/opt/edge-sentry/bin/python -I -m edge_sentry run --data /srv/other", Level.WARNING),
        ("/usr/bin/python3 /usr/local/bin/edge-sentry run", Level.WARNING),
        ("sudo edge-sentry run", Level.OK),
        ("/usr/bin/python3 /usr/local/bin/edge-sentry doctor", Level.OK),
        ("vi edge-sentry run", Level.OK),
        ("", Level.OK),
    ],
)
def test_alone(rig: Rig, command: str, level: Level) -> None:
    lock = FolderLock(rig.folder)
    mine = Seen(os.getpid(), "python", "owner", "python -m edge_sentry run")
    rig.eyes.seen = (mine, Seen(1, "another", "root", command))
    assert program.alone(rig.sight()).level is level
    lock.release()


def test_spool(rig: Rig) -> None:
    assert program.spool(rig.sight()).level is Level.SKIPPED
    save_status(rig.folder, STATUS)
    assert program.spool(rig.sight()).level is Level.OK
    save_status(rig.folder, msgspec.structs.replace(STATUS, dropped=12))
    assert program.spool(rig.sight()).level is Level.WARNING
    save_status(rig.folder, msgspec.structs.replace(STATUS, spool_trouble="disk full"))
    assert program.spool(rig.sight()).level is Level.BAD


def test_free_space(rig: Rig) -> None:
    assert "GB free" in program.free_space(rig.sight()).text
    assert program.free_space(rig.sight(folder=rig.root / "none")).level is Level.SKIPPED
