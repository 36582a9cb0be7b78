"""Which networks this computer is in, so that a person need not type them to search there."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

MOST: Final = 32
ROUTES: Final = Path("/proc/net/route")
_VIRTUAL = ("docker", "br-", "veth", "virbr", "cni", "lo")
"""Of containers and virtual machines on this computer: no ASIC is there."""
_ANYWHERE = "10.254.254.254"
_USUAL_PREFIX = 24

OwnAddress = Callable[[str], str | None]


def own_address(towards: str) -> str | None:
    """From which of its addresses this computer would ask that one. Nothing is sent."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.connect((towards, 9))
        return str(link.getsockname()[0])
    return None


def own_networks(routes: Path = ROUTES, own: OwnAddress = own_address) -> tuple[str, ...]:
    """As "192.168.1.5/24". Where the system has no table of them, one of the usual size is supposed."""
    try:
        lines = routes.read_text().splitlines()[1:]
    except OSError:
        address = own(_ANYWHERE)
        return () if address is None else (f"{address}/{_USUAL_PREFIX}",)
    found = ((network, own(str(network[1]))) for network in _at_hand(lines))
    told = (f"{address}/{network.prefixlen}" for network, address in found if address)
    return tuple(dict.fromkeys(told))[:MOST]


def _at_hand(lines: list[str]) -> Iterator[IPv4Network]:
    """Those that are reached without a gateway."""
    for line in lines:
        interface, target, gateway, *_, mask = line.split()[:8]
        network = IPv4Network((_address(target), str(_dotted(mask))))
        if int(gateway, 16) == 0 and 8 <= network.prefixlen <= 30 and not interface.startswith(_VIRTUAL):
            yield network


def _address(told: str) -> bytes:
    return int(told, 16).to_bytes(4, sys.byteorder)


def _dotted(told: str) -> str:
    return ".".join(map(str, _address(told)))
