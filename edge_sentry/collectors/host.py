"""Reads what concerns the computer as a whole: name, system, addresses, uptime, load average."""

from __future__ import annotations

import ipaddress
import os
import platform
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from edge_sentry.reading import Reading, Spec, merged, spec_or_reason, value_or_reason

METRICS = ("uptime_s", "load_1min")
_MOST_ADDRESSES = 64


def start(_folder: Path) -> Callable[[], Reading]:
    """Reads once what cannot change while the system runs."""
    fixed: dict[str, Spec] = {"os": os_name(), "architecture": platform.machine()}

    def collect() -> Reading:
        return merged(Reading(specs=fixed), _changing())

    return collect


def _changing() -> Reading:
    addresses = usable_addresses(
        entry.address for entries in psutil.net_if_addrs().values() for entry in entries
    )
    return merged(
        spec_or_reason("hostname", socket.gethostname(), "the system has no host name"),
        spec_or_reason("addresses", addresses, "no network address"),
        value_or_reason("uptime_s", _uptime_s(), "the system does not tell"),
        value_or_reason("load_1min", _load_1min(), "this system has no load average"),
    )


def os_name() -> str:
    """The name that people know: "Ubuntu 24.04.1 LTS", "Windows-11"."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.platform(terse=True)


def usable_addresses(found: Iterable[str]) -> tuple[str, ...]:
    """The IP addresses under which another machine can reach this one."""
    usable: dict[str, None] = {}
    for text in found:
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            continue  # a hardware address
        if not (address.is_loopback or address.is_link_local or address.is_unspecified):
            usable[str(address)] = None
    return tuple(usable)[:_MOST_ADDRESSES]


def _uptime_s() -> float:
    if hasattr(time, "CLOCK_BOOTTIME"):
        # Unlike now less boot time, it does not jump when somebody sets the clock.
        return round(time.clock_gettime(time.CLOCK_BOOTTIME), 1)
    return round(time.time() - psutil.boot_time(), 1)


def _load_1min() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
