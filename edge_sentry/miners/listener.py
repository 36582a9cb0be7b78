"""Who listens on a port of this rig: a reply is only worth what is known of the process that gave it."""

from __future__ import annotations

import ipaddress
import os
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from psutil._ntuples import sconn

# The addresses of sockets that connections to 127.0.0.1 reach.
_REACHED = ("127.0.0.1", "0.0.0.0", "::", "::ffff:127.0.0.1")


class Listener(NamedTuple):
    """A process that accepts connections on `address`; `pid` and `name` None where the system keeps them.

    `descriptor`: under which number it has the socket open, -1 where the system does not tell.
    """

    address: str
    pid: int | None
    name: str | None
    descriptor: int = -1

    @property
    def is_open_to_network(self) -> bool:
        """Whether other machines can reach it."""
        return is_open_to_network(self.address)


def is_open_to_network(address: str) -> bool:
    """Whether other machines can reach a socket that is bound there."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return not (mapped or parsed).is_loopback


def listener_on(port: int) -> Listener | None:
    """Who answers on 127.0.0.1:`port`; None where nobody does or the system does not tell."""
    try:
        sockets = psutil.net_connections(kind="tcp")
    except (psutil.Error, OSError):
        return None
    found = [(each.laddr.ip, each.pid, each.fd) for each in sockets if each.laddr and _is_it(each, port)]
    if not found:
        return None
    # The system hands a connection to the socket whose address fits best.
    address, pid, descriptor = min(found, key=lambda each: (each[0] != "127.0.0.1", ":" in each[0]))
    return Listener(address, pid, _name(pid), descriptor)


def open_file(pid: int, descriptor: int) -> str | None:
    """What a process has open under a number, by a name that nothing else ever has; None when unknown.

    As long as it has the same socket open nobody else listens in its place, which is known in
    microseconds: `listener_on` looks through all processes and all connections of the system.
    """
    try:
        return os.readlink(f"/proc/{pid}/fd/{descriptor}")  # noqa: PTH115 - it is no path
    except OSError:
        return None


def _is_it(socket: sconn, port: int) -> bool:
    listens = socket.status == psutil.CONN_LISTEN
    return bool(listens and socket.laddr and socket.laddr.port == port and socket.laddr.ip in _REACHED)


def _name(pid: int | None) -> str | None:
    if pid is None:
        return None
    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return None
