"""Other people's programs: seen by their port and by their name."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from edge_sentry.supervisor.neighbours import SystemNeighbours, executable_of
from tests.unit.edge_sentry.supervisor.fakes import playbook

OWN_EXECUTABLE = Path(sys.executable).resolve().name


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_in_use_is_in_the_way_with_or_without_leave(port: int) -> None:
    found = SystemNeighbours().in_the_way(playbook(api_port=port), (), frozenset())
    assert found is not None
    assert f"port {port}" in found
    assert str(os.getpid()) in found


def test_the_same_program_is_in_the_way_unless_it_is_ours() -> None:
    found = SystemNeighbours().in_the_way(playbook(), (OWN_EXECUTABLE,), frozenset())
    assert found is not None
    assert OWN_EXECUTABLE in found


def test_nothing_is_in_the_way_of_a_program_that_nobody_runs() -> None:
    look = SystemNeighbours().in_the_way
    assert look(playbook(), ("a-program-that-nobody-runs", ""), frozenset()) is None


def test_who_is_watched_on_a_port_is_in_the_way_unless_it_is_ours(port: int) -> None:
    """As where root started it: its executable could not be learned."""
    look = SystemNeighbours().in_the_way
    found = look(playbook(), (), frozenset(), [port])
    assert found is not None
    assert f"port {port}" in found
    assert look(playbook(), (), frozenset({os.getpid()}), [port]) is None


class RootsMiner:
    """As psutil shows another user's process to one without rights."""

    def __init__(self, status: str) -> None:
        self._status = status

    def exe(self) -> str:
        raise psutil.AccessDenied

    def name(self) -> str:
        return "xmrig"

    def status(self) -> str:
        return self._status


def test_a_program_of_another_user_is_known_by_its_name() -> None:
    assert executable_of(RootsMiner(psutil.STATUS_RUNNING)) == "xmrig"
    assert executable_of(RootsMiner(psutil.STATUS_ZOMBIE)) == ""
    assert executable_of(psutil.Process()) == OWN_EXECUTABLE


def test_pids_of_our_runs_are_no_neighbours() -> None:
    everyone = frozenset(psutil.pids())
    assert SystemNeighbours().in_the_way(playbook(), (OWN_EXECUTABLE,), everyone) is None
