"""A hall of pretended ASICs in the test's own process, and real edges beside a real commander."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from asic_edge.simulator.device import Fault
from asic_edge.simulator.hall import Hall, addresses_from, make_devices
from tests.fakes.asic_hall import need_low_ports
from tests.system.processes import Commander, Program

Json = dict[str, Any]
CADENCE = {"RIG_REPORT_INTERVAL_S": "10", "RIG_SAMPLE_INTERVAL_S": "10"}
"""An edge is late after 15 s and offline after 30 s; its rounds are quicker than that."""
ROUND_S = 3
ENDS_WITHIN_S = 120


class RunningHall:
    """The devices listen on a thread of their own, so that the test can make them misbehave."""

    def __init__(self, names: Sequence[str], first: str) -> None:
        need_low_ports()
        self.hall = Hall(make_devices(names, addresses_from(first, len(names))))
        self.addresses = list(self.hall.devices)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="hall")

    @property
    def span(self) -> str:
        """All of them as a range."""
        return f"{self.addresses[0]}-{self.addresses[-1]}"

    def set_login(self, addresses: Sequence[str], user: str, password: str) -> None:
        """Those of them that ask for a login ask for this one."""
        for address in addresses:
            self.hall.devices[address].login = (user, password)

    def misbehave(self, address: str, fault: Fault) -> None:
        """From now on; NONE mends it."""
        self._do(self.hall.set_fault(address, fault))

    def open(self) -> None:
        self._thread.start()
        self._do(self.hall.__aenter__())

    def close(self) -> None:
        self._do(self.hall.__aexit__())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, wish: Any) -> None:
        asyncio.run_coroutine_threadsafe(wish, self._loop).result(30)


@contextmanager
def running_hall(names: Sequence[str], first: str) -> Iterator[RunningHall]:
    """Devices of these models at addresses from `first` on, which no other test may use."""
    hall = RunningHall(names, first)
    hall.open()
    try:
        yield hall
    finally:
        hall.close()


class Edge:
    """`asic-edge` with a data folder of its own, made in the dashboard and enrolled.

    `url`: a proxy's, in place of the commander's.
    """

    def __init__(self, commander: Commander, folder: Path, name: str, url: str | None = None) -> None:
        self._folder, self._logs = folder, 0
        with commander.signed_in() as client:
            made = client.post("/v1/agents", json={"name": name, "kind": "asic"}).json()
        self.agent: str = made["agent"]["agent"]
        self.token: str = made["token"]
        self.once("enrol", "--url", url or commander.url, "--token", self.token)
        self.running: Program | None = None

    def once(self, *arguments: str) -> str:
        """Runs a command to its end, which must be a good one; gives its output."""
        program = self._program(*arguments)
        assert program.process.wait(ENDS_WITHIN_S) == 0, program.output()
        return program.output()

    def type_login(self, span: str, user: str, password: str) -> None:
        """`asic-edge credentials`, as a person types it at a terminal."""
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "asic_edge", "credentials", "--range", span, *self._place()]
        with subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        ) as typing:
            os.close(theirs)
            for question, answer in (("User: ", user), ("Password (not shown): ", password)):
                _read_until(ours, question)
                os.write(ours, f"{answer}\n".encode())
            _read_until(ours, "Kept for")
            assert typing.wait(ENDS_WITHIN_S) == 0
        os.close(ours)

    def start(self) -> None:
        self.running = self._program("run", "--round-s", str(ROUND_S))

    def kill(self) -> None:
        """As kill -9."""
        assert self.running is not None
        self.running.kill()

    def end(self) -> None:
        if self.running is not None and self.running.process.poll() is None:
            assert self.running.end() == 0, self.running.output()

    def _program(self, *arguments: str) -> Program:
        self._logs += 1
        log = self._folder.with_name(f"{self._folder.name}-{self._logs}.log")
        return Program("asic_edge", [*arguments, *self._place()], log)

    def _place(self) -> list[str]:
        return ["--data", str(self._folder)]


def _read_until(terminal: int, words: str) -> None:
    shown = ""
    while words not in shown:
        shown += os.read(terminal, 4096).decode(errors="replace")


class Row:
    """A machine as the list shows it at one look."""

    def __init__(self, page: Json, place: int) -> None:
        live = page["live"]
        self.machine: str = live["machine"][place]
        self.name: str = page["name"][place]
        self.received_at: float | None = live["received_at"][place]
        self.mining: list[Json] = live["mining"][place]
        self.silence: Json | None = live.get("silence", {}).get(self.machine)
        self.is_offline: bool = _passed(page["server_at"], live["offline_at"][place])
        self.is_online = not _passed(page["server_at"], live["late_at"][place])
        self.values = {metric: column[place] for metric, column in live["values"].items()}


def _passed(now: float, moment: float | None) -> bool:
    return moment is None or moment <= now


def rows(commander: Commander) -> list[Row]:
    """All machines of the farm."""
    with commander.signed_in() as client:
        answer = client.get("/v1/machines?limit=500")
    assert answer.status_code == 200, answer.text
    page = answer.json()
    return [Row(page, place) for place in range(len(page["name"]))]
