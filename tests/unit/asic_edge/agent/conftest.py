"""What tests of the courier share: an edge with three devices, and the commander that it reports to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.edge_uplink import Bench, Clocks, EdgeUplink


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def uplink(clocks: Clocks) -> EdgeUplink:
    return EdgeUplink(clocks)


@pytest.fixture
def bench(tmp_path: Path, clocks: Clocks, uplink: EdgeUplink) -> Bench:
    bench = Bench(tmp_path, clocks, uplink)
    bench.roster(1, 2, 51)
    return bench
