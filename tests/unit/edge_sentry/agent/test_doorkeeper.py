"""Only a process of the playbook's run is believed, and it is not looked for each time anew."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from edge_sentry.agent.doorkeeper import Doorkeeper
from edge_sentry.agent.readers import Target
from edge_sentry.miners.listener import Listener, listener_on, open_file

RUN = Target("gpu", "xmrig", 7, managed=True, run=100)


class Door:
    """Who answers on the port, and by which socket; counts the looks through all processes."""

    def __init__(self, pid: int | None = 100) -> None:
        self.pid, self.open, self.looks = pid, True, 0
        self.socket: str | None = "socket:[1]"
        self.keeper = Doorkeeper(lambda _: frozenset({100, 101}), self._listener, lambda *_: self.socket)

    def _listener(self, _port: int) -> Listener | None:
        self.looks += 1
        return Listener("127.0.0.1", self.pid, None, 3) if self.open else None

    def stranger(self, target: Target = RUN) -> str | None:
        return self.keeper.stranger(target, 7)


@pytest.mark.parametrize("pid", [100, 101])
def test_a_process_of_the_run_is_believed_and_known_again(pid: int) -> None:
    door = Door(pid)
    assert [door.stranger() for _ in range(5)] == [None] * 5
    assert door.looks == 1


@pytest.mark.parametrize(("pid", "who"), [(7, "(pid 7)"), (None, "that cannot be seen")])
def test_another_is_not_however_often(pid: int | None, who: str) -> None:
    door = Door(pid)
    for _ in range(2):
        assert door.stranger() == f"another process {who} answers on its port"


@pytest.mark.parametrize("socket", [None, "socket:[2]"])
def test_once_ours_is_closed_who_took_over_is_looked_at(socket: str | None) -> None:
    door = Door()
    door.stranger()
    door.pid, door.socket = 7, socket
    assert door.stranger() is not None


def test_nobody_there_is_no_stranger() -> None:
    door = Door()
    door.open = False
    assert door.stranger() is None


def test_where_nothing_is_known_of_sockets_it_looks_each_time() -> None:
    door = Door()
    door.socket = None
    assert [door.stranger(), door.stranger(), door.looks] == [None, None, 2]


def test_another_run_is_looked_at_anew_and_what_is_gone_is_forgotten() -> None:
    door = Door()
    door.stranger()
    door.stranger(RUN._replace(run=200))
    assert door.looks == 2
    door.keeper.keep_only(set())
    door.stranger()
    assert door.looks == 3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux names what a process has open")
def test_the_names_are_the_systems() -> None:
    """This very process listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = listener_on(server.getsockname()[1])
        assert found is not None
        assert (found.pid, found.descriptor) == (os.getpid(), server.fileno())
        name = open_file(os.getpid(), found.descriptor)
        assert name is not None
        assert name.startswith("socket:[")
    assert open_file(os.getpid(), found.descriptor) != name
    assert open_file(os.getpid(), -1) is None
