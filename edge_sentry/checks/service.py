"""Checks of the service: installed, running, on the same folder, and nobody else in charge of the rig."""

from __future__ import annotations

import re

from edge_sentry.checks.finding import Finding, bad, ok, skipped, warning
from edge_sentry.checks.sight import Sight
from edge_sentry.service.task import NAME as TASK
from edge_sentry.service.unit import NAME
from edge_sentry.supervisor.places import MINING
from edge_sentry.supervisor.playbook import load_assignment

# Folders that these systems have and others do not.
_OTHERS = {
    "HiveOS": ("/hive/bin", "/hive-config"),
    "mmpOS": ("/opt/mmp/bin",),
    "minerstat OS": ("/home/minerstat/minerstat-os",),
}
_OTHER_RELEASES = {"HiveOS": "hiveos", "mmpOS": "mmpos", "minerstat OS": "minerstat", "RaveOS": "raveos"}
_MINERS_UNIT = re.compile(r"miner|xmrig|trex|t-rex|ethminer|nbminer|rigel", re.IGNORECASE)
_NO_SYSTEMD = "this system is not run by systemd"
POLKIT = "/etc/polkit-1/rules.d/50-edge-sentry.rules"


def installed(sight: Sight) -> Finding:
    """Whether it starts at boot."""
    if sight.platform == "win32":
        good = sight.eyes.run(("schtasks", "/Query", "/TN", TASK)).good
        return ok("the scheduled task is there") if good else _not_installed()
    if not sight.file("/run/systemd/system").exists():
        return skipped(_NO_SYSTEMD, "Let its own start scripts run: edge-sentry run")
    if sight.service is None:
        return _not_installed()
    if not sight.eyes.run(("systemctl", "is-enabled", "--quiet", NAME)).good:
        return bad("the service does not start at boot", f"Run: sudo systemctl enable {NAME}")
    return ok(f"installed for user {sight.service.user}")


def active(sight: Sight) -> Finding:
    """Whether it runs now."""
    if sight.service is None:
        return skipped("no service is installed")
    if sight.eyes.run(("systemctl", "is-active", "--quiet", NAME)).good:
        return ok("running")
    return bad(
        "the service does not run", f"Start it: sudo systemctl start {NAME}, then: journalctl -u {NAME} -n 20"
    )


def same_folder(sight: Sight) -> Finding:
    """An owner who enrols into another folder than the service's waits in vain."""
    service = sight.service
    if service is None:
        return skipped("no service is installed")
    if service.data == sight.folder:
        return ok(str(service.data))
    advice = f"Look at the service's: sudo edge-sentry doctor --data {service.data}"
    return warning(f"the service uses {service.data}, this looks at {sight.folder}", advice)


def other_system(sight: Sight) -> Finding:
    """Two systems that both start mining programs are in each other's way."""
    release = (sight.text("/etc/os-release") or "").lower()
    found = {name for name, paths in _OTHERS.items() if any(sight.file(path).exists() for path in paths)}
    found |= {name for name, word in _OTHER_RELEASES.items() if word in release}
    if found:
        return warning(
            f"{' and '.join(sorted(found))} runs this rig",
            "Watch its programs only, or stop its miners before you give this rig a playbook.",
        )
    return ok("no other mining system was found")


def miner_services(sight: Sight) -> Finding:
    """Services by which somebody starts mining programs."""
    listed = sight.eyes.run(
        ("systemctl", "list-units", "--type=service", "--all", "--plain", "--no-legend", "--no-pager")
    )
    if not listed.good:
        return skipped("services could not be listed")
    names = [line.split()[0] for line in listed.output.splitlines() if line.split()]
    found = sorted(name for name in names if name != NAME and _MINERS_UNIT.search(name))
    if not found:
        return ok("no service starts a mining program")
    advice = f"If the sentry shall do so instead: sudo systemctl disable --now {found[0]}"
    return warning(f"services that look like miners: {', '.join(found[:5])}", advice)


def reboot(sight: Sight) -> Finding:
    """Only where the owner opted in the sentry ever restarts the machine, and then it must be allowed to."""
    assignment = load_assignment(sight.folder / MINING)
    if assignment is None or not assignment.reboot_allowed:
        return skipped("the sentry may not restart this machine: nobody asked for it")
    if sight.platform != "linux" or sight.agent_user == "root" or sight.file(POLKIT).exists():
        return ok("the sentry may restart this machine")
    return warning(
        f"the farm allows restarts, but {sight.agent_user} may not restart this machine",
        f"Put the rule of docs/rig.md into {POLKIT}, or switch restarts off.",
    )


def _not_installed() -> Finding:
    return warning("no service: the sentry does not start at boot", "Run: sudo edge-sentry install-service")
