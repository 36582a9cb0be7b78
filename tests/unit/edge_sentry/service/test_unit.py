"""The unit's text: what systemd makes of it, and what mining programs must not inherit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from edge_sentry.service.unit import CARDS, Service, service_of, text
from edge_sentry.settings.folder import SettingsError

PYTHON = Path("/opt/edge-sentry/bin/python")
SERVICE = Service(PYTHON, "edge-sentry", Path("/var/lib/edge-sentry"), ("video", "render"))

# Mining programs are compiled while they run, open their cards' device files, which appear late, outlive
# the sentry, and are looked for among the processes of others.
UNBEARABLE = {
    "MemoryDenyWriteExecute",
    "PrivateDevices",
    "DeviceAllow",
    "DevicePolicy",
    "ProtectClock",  # makes DeviceAllow= of its own, systemd issue 18142
    "SystemCallFilter",
    "SystemCallArchitectures",
    "PrivateTmp",
    "RuntimeDirectory",
    "RemoveIPC",
    "DynamicUser",
    "PrivateNetwork",
    "PrivateUsers",
    "ProtectProc",
    "ProcSubset",
    "MemoryMax",
    "TasksMax",
    "CPUQuota",
    "Nice",
    "NoExecPaths",
    "Delegate",
}


def parsed(unit: str) -> dict[str, dict[str, str]]:
    """Strict: sections, one `Name=value` a line, no name twice in a section."""
    sections: dict[str, dict[str, str]] = {}
    for line in unit.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            assert line.endswith("]")
            current = sections.setdefault(line.strip("[]"), {})
            continue
        name, equals, value = line.partition("=")
        assert equals
        assert name.isalnum()
        assert name not in current
        current[name] = value
    return sections


def test_mining_programs_outlive_the_sentry_and_it_always_comes_back() -> None:
    service = parsed(text(SERVICE))["Service"]
    assert (service["KillMode"], service["OOMPolicy"], service["SendSIGKILL"]) == (
        "process",
        "continue",
        "yes",
    )
    assert service["Restart"] == "always"
    assert parsed(text(SERVICE))["Unit"]["StartLimitIntervalSec"] == "0"
    assert float(service["TimeoutStopSec"]) > 10


def test_nothing_that_mining_programs_cannot_bear() -> None:
    service = parsed(text(SERVICE))["Service"]
    assert UNBEARABLE.isdisjoint(service)
    assert service["CapabilityBoundingSet"] == service["AmbientCapabilities"] == ""
    assert service["NoNewPrivileges"] == "yes"


def test_it_waits_for_no_network_and_for_an_enrolment() -> None:
    unit = parsed(text(SERVICE))["Unit"]
    assert "online" not in unit["After"]
    assert "Requires" not in unit
    assert unit["ConditionPathExists"] == "/var/lib/edge-sentry/identity.json"


def test_only_groups_that_exist_are_named() -> None:
    """An unknown group keeps a service from starting."""
    assert parsed(text(SERVICE))["Service"]["SupplementaryGroups"] == "video render"
    assert "SupplementaryGroups" not in text(Service(PYTHON, "edge-sentry", Path("/srv/rig")))


@pytest.mark.parametrize(
    ("python", "data", "homes"),
    [
        ("/opt/edge-sentry/bin/python", "/var/lib/edge-sentry", "yes"),
        ("/home/me/.venv/bin/python", "/var/lib/edge-sentry", "read-only"),
        ("/opt/edge-sentry/bin/python", "/home/rig/sentry", "read-only"),
        ("/opt/edge-sentry/bin/python", "/homes/rig", "yes"),
    ],
)
def test_homes_are_hidden_unless_they_are_needed(python: str, data: str, homes: str) -> None:
    service = Service(Path(python), "rig", Path(data))
    assert parsed(text(service))["Service"]["ProtectHome"] == homes


@pytest.mark.parametrize(
    "name", ["/srv/my rig", "/srv/%h", "/srv/$HOME", '/srv/"', "/srv/a\nUser=root", "srv"]
)
def test_a_folder_that_systemd_could_misread_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot use"):
        text(Service(PYTHON, "rig", Path(name)))


def test_what_was_written_is_read_again() -> None:
    assert service_of(text(SERVICE)) == SERVICE


@pytest.mark.parametrize("unit", ["", "[Service]\nExecStart=/bin/true\n", "no unit at all"])
def test_another_unit_is_not_ours(unit: str) -> None:
    assert service_of(unit) is None


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        message = "there is no systemd-analyze; the strict parser above has read the unit"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    unit = tmp_path / "edge-sentry.service"
    unit.write_text(text(Service(Path(sys.executable), "edge-sentry", tmp_path, ("video",))))
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "edge-sentry.service" in line]
    assert ours == []
    assert done.returncode == 0


def test_device_files_of_every_card_are_made(tmp_path: Path) -> None:
    """With a stand-in that writes down how it was called; never run with a card."""
    calls = tmp_path / "calls"
    stand_in = tmp_path / "nvidia-modprobe"
    stand_in.write_text(f'#!/bin/sh\necho "$@" >>{calls}\n')
    stand_in.chmod(0o755)
    for number in (0, 1):
        card = tmp_path / "gpus" / f"0000:0{number}:00.0"
        card.mkdir(parents=True)
        (card / "information").write_text(f"Model: \t\t A card\nDevice Minor: \t {number}\n")
    script = CARDS.replace("$$", "$").replace("/proc/driver/nvidia/gpus", str(tmp_path / "gpus"))
    path = f"{tmp_path}:/usr/bin:/bin"
    subprocess.run(["/bin/sh", "-c", script], env={"PATH": path}, timeout=20, check=True)
    assert calls.read_text().splitlines() == ["-u", "-c 0 -c 1"]
