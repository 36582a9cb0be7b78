"""The unit's text, and what systemd makes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from asic_edge.service.unit import Service, service_of, text
from asic_edge.settings.folder import SettingsError

PYTHON = Path("/opt/asic-edge/bin/python")
SERVICE = Service(PYTHON, "asic-edge", Path("/var/lib/asic-edge"))


def test_it_is_read_back() -> None:
    assert service_of(text(SERVICE)) == SERVICE
    assert service_of("[Service]\nExecStart=/bin/true\n") is None


def test_it_is_started_again_without_rights_and_with_files_enough() -> None:
    lines = text(SERVICE).splitlines()
    for line in (
        "Restart=always",
        "StartLimitIntervalSec=0",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ReadWritePaths=/var/lib/asic-edge",
        "ProtectHome=yes",
        "LimitNOFILE=4096",
        "User=asic-edge",
    ):
        assert line in lines


def test_a_program_in_a_home_can_be_read() -> None:
    service = Service(PYTHON, "asic-edge", Path("/var/lib/asic-edge"), (Path("/home/ann/rig"),))
    assert "ProtectHome=read-only" in text(service).splitlines()


@pytest.mark.parametrize("path", ["/var/lib/with space", "/var/lib/per%cent", "relative"])
def test_what_systemd_could_misread_is_refused(path: str) -> None:
    with pytest.raises(SettingsError, match="cannot use"):
        text(Service(PYTHON, "asic-edge", Path(path)))


def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        message = "systemd-analyze is not installed"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    unit = tmp_path / "asic-edge.service"
    unit.write_text(text(Service(Path(sys.executable), "root", tmp_path)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert "asic-edge.service" not in done.stderr, done.stderr
