"""Checks of what is needed of the hardware and its drivers."""

from __future__ import annotations

import os

import pytest

from edge_sentry.checks import hardware
from edge_sentry.checks.finding import Level
from edge_sentry.checks.sight import Readings
from edge_sentry.service.system import Account
from tests.unit.edge_sentry.checks.fakes import Rig

NVIDIA, AMD = "0x10de", "0x1002"


def test_sources(rig: Rig) -> None:
    assert hardware.sources(rig.sight()).text == "9 sources, 2 graphics cards"
    rig.eyes.readings = Readings(9, 0, {"power_w": "for root", "cpu_temperature_c": "no sensor"})
    found = hardware.sources(rig.sight())
    assert found.level is Level.WARNING
    assert "power_w: for root" in found.text
    assert "cpu_temperature_c: no sensor" in found.text


def test_nvidia(rig: Rig) -> None:
    assert hardware.nvidia(rig.sight()).level is Level.SKIPPED
    rig.card("0000:01:00.0", NVIDIA)
    rig.card("0000:02:00.0", NVIDIA)
    rig.card("0000:03:00.0", AMD)
    assert hardware.nvidia(rig.sight()).level is Level.BAD
    rig.put({"/sys/module/nvidia/version": "550.54.14\n"})
    without = hardware.nvidia(rig.sight())
    assert (without.level, "nvidia-modprobe -u" in without.advice) == (Level.WARNING, True)
    rig.put({"/dev/nvidia-uvm": ""})
    assert hardware.nvidia(rig.sight()).text == "2 cards, driver 550.54.14"


def test_amd(rig: Rig) -> None:
    assert hardware.amd(rig.sight()).level is Level.SKIPPED
    rig.card("0000:03:00.0", AMD)
    assert hardware.amd(rig.sight()).level is Level.BAD
    rig.put({"/sys/module/amdgpu/version": ""})
    assert hardware.amd(rig.sight()).level is Level.WARNING
    rig.put({"/dev/kfd": ""})
    assert hardware.amd(rig.sight()).level is Level.OK


def test_groups_of_the_person(rig: Rig) -> None:
    assert hardware.groups(rig.sight()).level is Level.SKIPPED
    rig.put({"/dev/dri/card0": ""})
    rig.eyes.memberships["owner"] = frozenset({"video"})
    found = hardware.groups(rig.sight())
    assert (found.level, "usermod -aG render owner" in found.advice) == (Level.WARNING, True)
    rig.eyes.memberships["owner"] = frozenset({"video", "render"})
    assert hardware.groups(rig.sight()).level is Level.OK
    assert hardware.groups(rig.sight(user="root")).level is Level.OK


def test_groups_of_the_service(rig: Rig) -> None:
    """A driver that came after the service brought the group with it."""
    rig.put({"/dev/dri/card0": ""})
    rig.install(groups=("video",))
    found = hardware.groups(rig.sight(user="root"))
    assert (found.level, found.advice) == (Level.WARNING, "Run: sudo edge-sentry install-service")
    rig.install(groups=("video", "render"))
    assert hardware.groups(rig.sight(user="root")).level is Level.OK


def test_processor_power(rig: Rig) -> None:
    assert hardware.processor_power(rig.sight()).level is Level.SKIPPED
    counter = "/sys/class/powercap/intel-rapl:0/energy_uj"
    rig.put({counter: "1"})
    rig.sight().file(counter).chmod(0o400)
    rig.eyes.accounts["owner"] = Account("owner", os.getuid() + 1, os.getgid())
    assert "root alone" in hardware.processor_power(rig.sight()).text
    rig.sight().file(counter).chmod(0o440)
    assert hardware.processor_power(rig.sight()).level is Level.OK
    assert hardware.processor_power(rig.sight(user="root")).level is Level.OK


def test_msr_is_optional(rig: Rig) -> None:
    assert hardware.msr(rig.sight()).level is Level.SKIPPED
    rig.put({"/dev/cpu/0/msr": ""})
    assert "may not set" in hardware.msr(rig.sight()).text
    assert hardware.msr(rig.sight(user="root")).level is Level.OK


@pytest.mark.parametrize(
    ("text", "level"), [(None, Level.SKIPPED), ("0\n", Level.SKIPPED), ("1280\n", Level.OK)]
)
def test_huge_pages(rig: Rig, text: str | None, level: Level) -> None:
    if text is not None:
        rig.put({"/proc/sys/vm/nr_hugepages": text})
    assert hardware.huge_pages(rig.sight()).level is level


@pytest.mark.parametrize("check", [hardware.nvidia, hardware.amd, hardware.groups])
def test_linux_only(rig: Rig, check: object) -> None:
    assert callable(check)
    assert check(rig.sight(platform="win32")).level is Level.SKIPPED
