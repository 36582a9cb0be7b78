"""Checks of mining programs: those of somebody else, and those that the whole network can ask."""

from __future__ import annotations

from edge_sentry.checks.finding import Finding, ok, skipped, warning
from edge_sentry.checks.sight import Seen, Sight
from edge_sentry.miners.listener import is_open_to_network
from edge_sentry.miners.table import MINERS

# Executables that are not called as the table calls the program. GMiner's is just "miner".
_ALSO = {"tbminer", "miner", "wildrig", "xmrig-mo", "xmr-stak", "bminer", "ccminer-x64", "hellminer"}
_NAMES = {*MINERS, *_ALSO}
_BEGINNINGS = ("cpuminer", "xmrig", "ccminer", "srbminer", "nanominer")


def foreign(sight: Sight) -> Finding:
    """Somebody else's programs are never touched, and in the way of ours."""
    ours = sight.eyes.ours(sight.folder)
    found = [each for each in sight.eyes.processes() if is_miner(each.name) and each.pid not in ours]
    if not found:
        return ok("no mining program runs that the sentry did not start")
    named = ", ".join(f"{each.name} (pid {each.pid}{_by(each)})" for each in found[:5])
    return warning(
        f"started by somebody else: {named}",
        "The sentry leaves them alone. Add them in the dashboard to be watched, or stop them.",
    )


def open_to_network(sight: Sight) -> Finding:
    """An API that other machines reach can show wallets, and with some programs change them."""
    miners = {each.pid: each.name for each in sight.eyes.processes() if is_miner(each.name)}
    if not miners:
        return skipped("no mining program runs")
    try:
        ports = sight.eyes.open_ports()
    except OSError as error:
        return skipped(f"the system does not show who listens: {error.strerror}", "Run this as root.")
    found = sorted(
        {
            (miners[each.pid], each.port)
            for each in ports
            if each.pid in miners and is_open_to_network(each.address)
        }
    )
    if found:
        named = ", ".join(f"{name} on port {port}" for name, port in found)
        return warning(
            f"other machines can reach the API of {named}",
            "Bind it to 127.0.0.1 (edge-sentry probe shows how), or close the port by a firewall.",
        )
    if not any(each.pid in miners for each in ports):
        return skipped(
            "no mining program is seen to listen; as another user it could not be", "Run this as root."
        )
    return ok("every API answers this computer alone")


def is_miner(name: str) -> bool:
    """By the name of its executable."""
    plain = name.lower().removesuffix(".exe")
    return plain in _NAMES or plain.startswith(_BEGINNINGS)


def _by(seen: Seen) -> str:
    return f" of {seen.user}" if seen.user else ""
