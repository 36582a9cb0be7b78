"""Checks of the service and of others in charge of the rig."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.checks import service
from edge_sentry.checks.finding import Level
from edge_sentry.service.system import Outcome
from edge_sentry.supervisor.places import mining_folder
from edge_sentry.supervisor.playbook import Assignment, save_assignment
from tests.unit.edge_sentry.checks.fakes import Rig


def test_without_systemd(rig: Rig) -> None:
    assert service.installed(rig.sight()).level is Level.SKIPPED


def test_installed(rig: Rig) -> None:
    rig.put({"/run/systemd/system/x": ""})
    missing = service.installed(rig.sight())
    assert (missing.level, missing.advice) == (Level.WARNING, "Run: sudo edge-sentry install-service")
    rig.install()
    assert service.installed(rig.sight()).level is Level.BAD
    rig.eyes.outcomes["systemctl is-enabled"] = Outcome(0)
    assert service.installed(rig.sight()).level is Level.OK


def test_on_windows(rig: Rig) -> None:
    assert service.installed(rig.sight(platform="win32")).level is Level.WARNING
    rig.eyes.outcomes["schtasks /Query"] = Outcome(0)
    assert service.installed(rig.sight(platform="win32")).level is Level.OK


def test_active(rig: Rig) -> None:
    assert service.active(rig.sight()).level is Level.SKIPPED
    rig.install()
    assert service.active(rig.sight()).level is Level.BAD
    rig.eyes.outcomes["systemctl is-active"] = Outcome(0)
    assert service.active(rig.sight()).level is Level.OK


def test_same_folder(rig: Rig) -> None:
    assert service.same_folder(rig.sight()).level is Level.SKIPPED
    rig.install()
    assert service.same_folder(rig.sight()).level is Level.OK
    other = service.same_folder(rig.sight(folder=Path("/home/me/.local/state/edge-sentry")))
    assert (other.level, str(rig.folder) in other.advice) == (Level.WARNING, True)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"/hive/bin/wd": ""}, "HiveOS"),
        ({"/opt/mmp/bin/agent": ""}, "mmpOS"),
        ({"/home/minerstat/minerstat-os/start.js": ""}, "minerstat OS"),
        ({"/etc/os-release": 'NAME="RaveOS"\n'}, "RaveOS"),
    ],
)
def test_other_system(rig: Rig, files: dict[str, str], name: str) -> None:
    assert service.other_system(rig.sight()).level is Level.OK
    rig.put(files)
    found = service.other_system(rig.sight())
    assert (found.level, found.text) == (Level.WARNING, f"{name} runs this rig")


def test_miner_services(rig: Rig) -> None:
    assert service.miner_services(rig.sight()).level is Level.SKIPPED
    ours = "edge-sentry.service loaded active running Edge sentry\nssh.service loaded active running\n"
    rig.eyes.outcomes["systemctl list-units"] = Outcome(0, ours)
    assert service.miner_services(rig.sight()).level is Level.OK
    rig.eyes.outcomes["systemctl list-units"] = Outcome(0, ours + "xmrig.service loaded active running\n")
    found = service.miner_services(rig.sight())
    assert (found.level, "disable --now xmrig.service" in found.advice) == (Level.WARNING, True)


def test_restarts_of_the_machine(rig: Rig) -> None:
    rig.install()
    assert service.reboot(rig.sight()).level is Level.SKIPPED
    save_assignment(mining_folder(rig.folder), Assignment(reboot_allowed=True))
    assert service.reboot(rig.sight()).level is Level.WARNING
    rig.put({service.POLKIT: "the rule"})
    assert service.reboot(rig.sight()).level is Level.OK
