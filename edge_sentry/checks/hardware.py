"""Checks of what the sentry and mining programs need of the hardware and its drivers."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from edge_sentry.checks.finding import Finding, bad, ok, skipped, warning
from edge_sentry.checks.sight import Sight
from edge_sentry.service.linux import GROUPS

_NVIDIA, _AMD = "0x10de", "0x1002"
# Of PCI: display controllers, of which 0x0300 is VGA and 0x0302 is 3D.
_DISPLAY_CLASS = "0x03"
_ELSEWHERE = "looked at on Linux only"


def sources(sight: Sight) -> Finding:
    """Runs every collector once, as the sentry does."""
    read = sight.eyes.read_sources()
    text = f"{read.sources} sources, {read.cards} graphics cards"
    if not read.unread:
        return ok(text)
    reasons: dict[str, list[str]] = {}
    for name, reason in read.unread.items():
        reasons.setdefault(reason, []).append(name)
    listed = "; ".join(f"{', '.join(names[:4])}: {reason}" for reason, names in list(reasons.items())[:6])
    return warning(f"{text}; not read: {listed}")


def nvidia(sight: Sight) -> Finding:
    """Cards of NVIDIA need its driver, and its device files."""
    if sight.platform != "linux":
        return skipped(_ELSEWHERE)
    cards = _cards(sight, _NVIDIA)
    if not cards:
        return skipped("no card of NVIDIA")
    version = sight.text("/sys/module/nvidia/version")
    if version is None:
        return bad(
            f"{cards} cards of NVIDIA, but its driver is not loaded", "Install NVIDIA's driver and restart."
        )
    if not sight.file("/dev/nvidia-uvm").exists():
        return warning(
            "the driver is loaded, but CUDA's device file is missing (/dev/nvidia-uvm)",
            "Run: sudo nvidia-modprobe -u (the service does so when it starts)",
        )
    return ok(f"{cards} cards, driver {version.strip()}")


def amd(sight: Sight) -> Finding:
    """Cards of AMD need amdgpu, and for mining OpenCL or ROCm, which bring /dev/kfd."""
    if sight.platform != "linux":
        return skipped(_ELSEWHERE)
    cards = _cards(sight, _AMD)
    if not cards:
        return skipped("no card of AMD")
    if not sight.file("/sys/module/amdgpu").exists():
        return bad(f"{cards} cards of AMD, but the driver amdgpu is not loaded", "Run: sudo modprobe amdgpu")
    if not sight.file("/dev/kfd").exists():
        return warning(
            f"{cards} cards, but /dev/kfd is missing", "Mining programs may need AMD's ROCm or OpenCL."
        )
    return ok(f"{cards} cards, driver amdgpu")


def groups(sight: Sight) -> Finding:
    """Device files of cards belong to groups."""
    if sight.platform != "linux":
        return skipped(_ELSEWHERE)
    if not sight.file("/dev/dri").exists():
        return skipped("no graphics card with a device file in /dev/dri")
    if sight.agent_user == "root":
        return ok("root needs no group")
    wanted = [name for name in GROUPS if name in sight.eyes.system_groups()]
    own = sight.eyes.groups(sight.agent_user) or frozenset()
    given = own | set(sight.service.groups if sight.service else ())
    missing = [name for name in wanted if name not in given]
    if not missing:
        return ok(f"{sight.agent_user} is in {' and '.join(wanted) or 'no group: none is needed'}")
    advice = f"Run: sudo usermod -aG {','.join(missing)} {sight.agent_user}, then sign in anew"
    if sight.service:
        advice = "Run: sudo edge-sentry install-service"
    return warning(
        f"{sight.agent_user} is not in {' and '.join(missing)}: mining programs cannot use the cards", advice
    )


def processor_power(sight: Sight) -> Finding:
    """The kernel keeps the energy counters for root: they can betray what a program computes."""
    counters = sorted(sight.file("/sys/class/powercap").glob("intel-rapl:*/energy_uj"))
    if not counters:
        return skipped("this processor's power cannot be measured here")
    account = sight.eyes.account(sight.agent_user)
    if sight.agent_user == "root" or (account and _readable_by(counters[0], account.uid, account.gid)):
        return ok("the processor's power can be read")
    return skipped(
        f"optional: {sight.agent_user} cannot read the processor's power, root alone can",
        "docs/rig.md, 'What needs root', has the udev rule that permits it.",
    )


def msr(sight: Sight) -> Finding:
    """XMRig mines RandomX faster with registers that only root can set."""
    if not sight.file("/dev/cpu/0/msr").exists():
        return skipped(
            "optional: the kernel module msr is not loaded; XMRig mines RandomX some percent slower without",
            "As root, at boot: modprobe msr, and XMRig's own script randomx_boost.sh",
        )
    if sight.agent_user == "root":
        return ok("XMRig can set the processor's registers itself")
    return skipped(
        f"optional: {sight.agent_user} may not set the processor's registers",
        "As root, at boot: XMRig's own script randomx_boost.sh",
    )


def huge_pages(sight: Sight) -> Finding:
    """RandomX needs 1,280 of 2 MB, and more on servers with several processors."""
    text = sight.text("/proc/sys/vm/nr_hugepages")
    if text is None or not text.strip().isdigit():
        return skipped("this system has no huge pages")
    if int(text) == 0:
        return skipped(
            "optional: no huge pages are reserved; RandomX is much slower without",
            "Put vm.nr_hugepages=1280 into /etc/sysctl.d/60-mining.conf, then: sudo sysctl --system",
        )
    return ok(f"{int(text):,} huge pages are reserved")


def _cards(sight: Sight, vendor: str) -> int:
    """On the PCI bus, whether they have a driver or not."""
    found = 0
    for device in sight.file("/sys/bus/pci/devices").glob("*"):
        found += _line(device / "vendor") == vendor and _line(device / "class").startswith(_DISPLAY_CLASS)
    return found


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _readable_by(path: Path, uid: int, gid: int) -> bool:
    """By its rights alone, since another than the caller is to read it."""
    found = os.stat(path)  # noqa: PTH116
    if found.st_uid == uid:
        return bool(found.st_mode & stat.S_IRUSR)
    return bool(found.st_mode & (stat.S_IRGRP if found.st_gid == gid else stat.S_IROTH))
