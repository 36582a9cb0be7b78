"""A pretended hall that goes on in a thread, for commands that have an event loop of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from asic_edge.simulator.device import Device, Fault
from asic_edge.simulator.hall import Hall
from tests.fakes.asic_hall import hall_of


class Lan:
    """Devices by the name of their model; of several of one model, the first."""

    def __init__(self, hall: Hall, loop: asyncio.AbstractEventLoop) -> None:
        self.hall, self._loop = hall, loop
        self.devices = {device.name: device for device in reversed(hall.devices.values())}

    @property
    def range(self) -> str:
        """Where all of them are."""
        first = next(iter(self.hall.devices))
        return f"{first.rpartition('.')[0]}.0/28"

    def address(self, name: str) -> str:
        """Of a device."""
        return self.devices[name].address

    def set_fault(self, name: str, fault: Fault) -> None:
        """From now on."""
        coroutine = self.hall.set_fault(self.address(name), fault)
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)


@contextmanager
def lan_of(*names: str) -> Iterator[Lan]:
    """A device of each name, with an identity of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    hall = hall_of(*names, vary=True)
    try:
        asyncio.run_coroutine_threadsafe(hall.__aenter__(), loop).result(10)
        yield Lan(hall, loop)
        asyncio.run_coroutine_threadsafe(hall.__aexit__(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def password_of(device: Device, password: str) -> None:
    """Only who knows it is let into its web."""
    device.login = ("root", password)
