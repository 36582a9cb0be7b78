"""The guard of pools over pretended programs and pools: it changes, comes back, and tells each once."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from edge_sentry.playbooks.pool_guard import LOOK_EVERY_S, PoolGuard
from edge_sentry.playbooks.probe import Probe, takes_connections
from edge_sentry.supervisor.events import Kind
from edge_sentry.supervisor.facts import Api, MinerFacts
from edge_sentry.supervisor.view import State
from tests.system.processes import wait_for
from tests.unit.edge_sentry.playbooks.fakes import Rig, assigned

FIRST, SECOND = "pool0.example:3333", "pool1.example:3333"


class Guarded(Rig):
    """`away`: pools that take no connection; `told`: what the program tells, None for nothing."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.away: set[str] = set()
        self.connected: bool | None = None
        self.asked: list[str] = []
        self.begin()

    def begin(self) -> None:
        probe = Probe(lambda: self.moments.steady, self._connect, aside=False)
        self.guard = PoolGuard(self.keeper.lineup, self.work, probe, now=self.moments)

    def _connect(self, address: str) -> bool:
        self.asked.append(address)
        return address not in self.away

    def live(self, seconds: float) -> None:
        for _ in range(int(seconds / LOOK_EVERY_S)):
            self.moments.advance(LOOK_EVERY_S)
            if self.connected is not None:
                at = self.moments.steady
                self.work.facts["gpu"] = MinerFacts(at=at, api=Api.READABLE, pool_connected=self.connected)
            self.guard.look()

    def pool(self) -> int:
        return self.keeper.lineup.pools()["gpu"]


@pytest.fixture
def rig(tmp_path: Path) -> Guarded:
    rig = Guarded(tmp_path)
    rig.assign(1, assigned(pools=2), assigned("cpu"))
    return rig


def test_the_first_pool_goes_and_comes_back(rig: Guarded) -> None:
    rig.live(600)
    assert rig.pool() == 0
    rig.away = {FIRST}
    rig.live(240)
    assert (rig.pool(), "--pool 1" in rig.script()) == (1, True)
    assert rig.work.running() == {"gpu": "version 1, pool 2", "cpu": "version 1"}
    assert rig.keeper.state().pool == {"gpu": 1}
    rig.live(3600)
    rig.away = set()
    rig.live(840)
    assert rig.pool() == 1
    rig.live(180)
    assert rig.pool() == 0
    assert rig.work.told(Kind.POOL_CHANGED) == [
        f"mines for {SECOND} in place of {FIRST}: {FIRST} had no connection for 3 min",
        f"mines for {FIRST} in place of {SECOND}: {FIRST} takes connections again",
    ]


def test_what_the_program_tells_counts_more_than_an_attempt(rig: Guarded) -> None:
    rig.connected = False
    rig.live(240)
    assert rig.pool() == 1
    rig.away, rig.connected = {SECOND}, True
    rig.live(600)
    assert rig.pool() == 1


def test_a_restart_of_the_agent_stays_with_the_pool(rig: Guarded) -> None:
    rig.away = {FIRST}
    rig.live(240)
    rig.restart()
    rig.begin()
    rig.step()
    assert (rig.pool(), rig.work.running()["gpu"]) == (1, "version 1, pool 2")
    rig.away = set()
    rig.live(960)
    assert rig.pool() == 0


def test_another_version_begins_with_its_first_pool(rig: Guarded) -> None:
    rig.away = {FIRST}
    rig.live(240)
    rig.assign(2, assigned(version=2, pools=3))
    assert rig.pool() == 0
    rig.live(60)
    assert rig.pool() == 0


def test_a_program_that_its_owner_stopped_is_left_alone(rig: Guarded) -> None:
    rig.away = {FIRST}
    rig.work.states["gpu"] = State.STOPPED
    rig.live(1200)
    assert rig.pool() == 0


def test_a_program_that_crashes_for_want_of_a_pool_is_not(rig: Guarded) -> None:
    rig.away = {FIRST}
    rig.work.states["gpu"] = State.CRASH_LOOP
    rig.live(240)
    assert rig.pool() == 1


def test_a_full_disk_is_tried_again(rig: Guarded) -> None:
    rig.away = {FIRST}
    rig.work.fails = OSError(28, "No space left on device")
    rig.live(600)
    assert (rig.pool(), rig.work.told(Kind.POOL_CHANGED)) == (0, [])
    rig.work.fails = None
    rig.live(30)
    assert rig.pool() == 1


def test_nobody_is_asked_more_than_once_a_minute(rig: Guarded) -> None:
    rig.live(3600)
    assert rig.asked == [FIRST] * len(rig.asked)
    assert 55 <= len(rig.asked) <= 61


def test_a_program_that_changes_pools_itself_is_none_of_its_business(tmp_path: Path) -> None:
    rig = Guarded(tmp_path)
    whole = assigned(pools=2)
    rig.assign(1, assigned(pools=2, scripts=whole.scripts[:1]))
    rig.live(600)
    assert rig.asked == []
    assert rig.keeper.state().pool == {}


def test_a_real_port_takes_a_connection_or_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        assert takes_connections(address)
    assert not takes_connections(address)
    assert not takes_connections("127.0.0.1:none")


def test_an_attempt_that_hangs_is_not_made_twice() -> None:
    release, begun = threading.Event(), []

    def connect(address: str) -> bool:
        begun.append(address)
        return release.wait(60)

    probe = Probe(lambda: 1.0, connect)
    for _ in range(3):
        probe.ask(FIRST)
    assert probe.newest(FIRST) is None
    release.set()
    assert wait_for("the outcome", lambda: probe.newest(FIRST)).works
    assert begun == [FIRST]
