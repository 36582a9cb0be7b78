"""Many pretended ASICs in one event loop, each on an address of its own."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Self
from weakref import WeakSet

from asic_edge.simulator.captures import RECORDINGS, SimulatorError, load_capture
from asic_edge.simulator.device import Device, Fault, Journal
from asic_edge.simulator.models import MODELS, RPC_PORT, WEB_PORT
from asic_edge.simulator.servers import RpcServer, WebServer

_DEAF = {Fault.GONE, Fault.SILENT}
_SERVERS: dict[int, type[RpcServer | WebServer]] = {RPC_PORT: RpcServer, WEB_PORT: WebServer}
_BACKLOG = 128
_ENDINGS_LEFT_OUT = {0, 255}


def addresses_from(first: str, count: int) -> list[str]:
    """So many addresses from the first one on, without those that end with 0 or 255."""

    def usable() -> Iterator[str]:
        number = int(ipaddress.IPv4Address(first))
        while True:
            if number % 256 not in _ENDINGS_LEFT_OUT:
                yield str(ipaddress.IPv4Address(number))
            number += 1

    found = usable()
    return [next(found) for _ in range(count)]


def make_devices(
    names: Sequence[str], addresses: Sequence[str], *, vary: bool = True, recordings: Path = RECORDINGS
) -> list[Device]:
    """A device of each named model; `vary`: each has an identity and figures of its own, by its address.

    Raises SimulatorError for an unknown model or without recordings.
    """
    unknown = sorted(set(names) - set(MODELS))
    if unknown:
        raise SimulatorError(f"No model {', '.join(unknown)}; there are {', '.join(MODELS)}.")
    captures = {name: load_capture(recordings / MODELS[name].folder) for name in set(names)}
    return [
        Device(name, MODELS[name], captures[name], address, _number_of(address) if vary else None)
        for name, address in zip(names, addresses, strict=True)
    ]


def _number_of(address: str) -> int:
    """The same each time; another one in each hall of this computer."""
    return int(ipaddress.IPv4Address(address)) % 2**24


def may_use_web_port() -> bool:
    """Whether this process may listen on port 80; most systems allow that to root alone."""
    with socket.socket() as trial:
        try:
            trial.bind(("127.0.0.1", WEB_PORT))
        except PermissionError:
            return False
        except OSError:
            return True
    return True


class Hall:
    """The devices that listen now. Use it as an asynchronous context."""

    def __init__(self, devices: Sequence[Device]) -> None:
        self.devices = {device.address: device for device in devices}
        self.journal = Journal()
        self._servers: dict[str, list[asyncio.Server]] = {}
        self._deaf: dict[str, list[socket.socket]] = {}
        self._connections: dict[str, WeakSet[RpcServer | WebServer]] = {}

    async def __aenter__(self) -> Self:
        """Raises SimulatorError when an address or port cannot be had; nothing listens then."""
        try:
            for device in self.devices.values():
                await self._open(device)
        except SimulatorError:
            await self._close_all()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close_all()

    async def set_fault(self, address: str, fault: Fault) -> None:
        """From now on; connections that are under way meet it with their next answer."""
        device = self.devices[address]
        changes = fault in _DEAF or device.fault in _DEAF
        device.fault = fault
        if changes:
            self._close(address)
            await self._open(device)

    async def _open(self, device: Device) -> None:
        if device.fault is Fault.GONE:
            return
        try:
            if device.fault is Fault.SILENT:
                self._deaf[device.address] = [
                    each for port in device.model.ports for each in _deaf_sockets(device.address, port)
                ]
            else:
                self._servers[device.address] = [
                    await self._listen(device, port) for port in device.model.ports
                ]
        except OSError as error:
            raise SimulatorError(_why_not(device, error)) from error

    async def _listen(self, device: Device, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        made = partial(self._connection, device, port)
        return await loop.create_server(made, device.address, port, backlog=_BACKLOG)

    def _connection(self, device: Device, port: int) -> RpcServer | WebServer:
        made = _SERVERS[port](device, self.journal)
        self._connections.setdefault(device.address, WeakSet()).add(made)
        return made

    def _close(self, address: str) -> None:
        for server in self._servers.pop(address, []):
            server.close()
        for connection in self._connections.pop(address, ()):
            connection.drop()  # one that is kept alive would go on without a listener
        for each in self._deaf.pop(address, []):
            each.close()

    async def _close_all(self) -> None:
        for address in self.devices:
            self._close(address)


def _deaf_sockets(address: str, port: int) -> list[socket.socket]:
    """A listener whose queue is full: Linux then drops whatever knocks, as if nobody were there."""
    listener = socket.create_server((address, port), backlog=0)
    filling = socket.socket()
    filling.setblocking(False)
    filling.connect_ex((address, port))
    return [listener, filling]


def _why_not(device: Device, error: OSError) -> str:
    place = f"{device.address}, port {' or '.join(map(str, device.model.ports))}"
    if error.errno == errno.EACCES:
        return (
            f"This user may not listen on {place}. Run it as root, or allow low ports "
            "(Linux: sysctl net.ipv4.ip_unprivileged_port_start=80)."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{device.address} is no address of this computer; Linux has all of 127.0.0.0/8."
    if error.errno == errno.EADDRINUSE:
        return f"Another program listens on {place}."
    return f"Cannot listen on {place}: {error.strerror or error}."
