"""Checks of mining programs that somebody else started, and of open APIs."""

from __future__ import annotations

import pytest

from edge_sentry.checks import mining
from edge_sentry.checks.finding import Level
from edge_sentry.checks.sight import Open, Seen
from edge_sentry.miners.table import MINERS
from tests.unit.edge_sentry.checks.fakes import Rig


@pytest.mark.parametrize(
    "name",
    [*MINERS, "xmrig.exe", "SRBMiner-MULTI", "lolMiner", "TBMiner", "cpuminer-avx2", "wildrig.exe", "miner"],
)
def test_mining_programs_are_known(name: str) -> None:
    assert mining.is_miner(name)


@pytest.mark.parametrize("name", ["", "python3", "bash", "data-miner", "minerd-exporter", "edge-sentry"])
def test_others_are_none(name: str) -> None:
    assert not mining.is_miner(name)


def test_foreign(rig: Rig) -> None:
    rig.eyes.seen = (Seen(10, "xmrig", "edge-sentry"), Seen(11, "bash", "me"))
    rig.eyes.own = frozenset({10})
    assert mining.foreign(rig.sight()).level is Level.OK
    rig.eyes.own = frozenset()
    found = mining.foreign(rig.sight())
    assert (found.level, found.text) == (
        Level.WARNING,
        "started by somebody else: xmrig (pid 10 of edge-sentry)",
    )


@pytest.mark.parametrize(
    ("address", "level"),
    [
        ("127.0.0.1", Level.OK),
        ("::1", Level.OK),
        ("0.0.0.0", Level.WARNING),
        ("::", Level.WARNING),
        ("192.168.1.5", Level.WARNING),
        ("fe80::1%eth0", Level.WARNING),
    ],
)
def test_open_to_network(rig: Rig, address: str, level: Level) -> None:
    assert mining.open_to_network(rig.sight()).level is Level.SKIPPED
    rig.eyes.seen = (Seen(10, "xmrig"), Seen(11, "sshd"))
    rig.eyes.ports = (Open("0.0.0.0", 22, 11), Open(address, 18088, 10))
    assert mining.open_to_network(rig.sight()).level is level


def test_who_listens_is_not_always_told(rig: Rig) -> None:
    rig.eyes.seen = (Seen(10, "xmrig"),)
    rig.eyes.ports = (Open("0.0.0.0", 18088, None),)
    assert mining.open_to_network(rig.sight()).level is Level.SKIPPED
    rig.eyes.ports = PermissionError(1, "not permitted")
    assert mining.open_to_network(rig.sight()).advice == "Run this as root."
