"""In quick time simulated days pass in minutes, and the ledger says what was acknowledged."""

from __future__ import annotations

from pathlib import Path

from edge_sentry.simulator.plan import Plan, PlannedRig
from edge_sentry.simulator.rig import SimulatedRig, rigs_of
from edge_sentry.simulator.soak import Ledger, QuickMoments, SoakUplink, moments_of
from tests.fakes.commander import TOKEN, FakeCommander, serving
from tests.fakes.moments import FakeMoments, seeded
from tests.fakes.uplink import FakeUplink
from wire.messages import Block, MachineReport, Report, Series


def report(sequence: int, part: MachineReport) -> Report:
    return Report(1, sequence, 1000.0, 60.0, (part,))


def block(*at: float) -> Block:
    return Block(at, (Series("load_1min", at), Series("uptime_s", (None,) * len(at))))


def test_a_sample_stands_in_the_ledger_once(tmp_path: Path) -> None:
    moments = FakeMoments()
    file = tmp_path / "ledger"
    uplink = SoakUplink(FakeUplink(moments.true_time), moments, seeded(), ledger=Ledger(file))
    uplink.report(report(1, MachineReport("m1", open=block(1.0))))
    uplink.report(report(2, MachineReport("m1", open=block(1.0, 2.5))))
    uplink.report(report(3, MachineReport("m1", blocks=(block(1.0, 2.5, 3.0),), open=block(4.0))))
    assert file.read_text().splitlines() == [
        "m1 1.000 load_1min 1.0",
        "m1 2.500 load_1min 2.5",
        "m1 3.000 load_1min 3.0",
        "m1 4.000 load_1min 4.0",
    ]


def test_quick_clocks_run_from_their_start() -> None:
    real = [100.0]
    quick = QuickMoments(60, 5000.0, lambda: real[0])
    real[0] += 2
    assert quick() == (5120.0, 120.0)
    assert not isinstance(moments_of(1, None), QuickMoments)


def played(rig: SimulatedRig, quick: QuickMoments, real: list[float], seconds: float) -> None:
    until = quick().steady + seconds
    while (due := rig.turn()) < until:
        real[0] += max(due - quick().steady, 0.0) / 60 + 1e-6  # no endless halving by rounding


def test_a_rig_in_quick_time_sends_the_past_twice_and_keeps_a_ledger(tmp_path: Path) -> None:
    real, ledger = [100.0], tmp_path / "ledger"
    quick = QuickMoments(60, 1_700_000_000.0, lambda: real[0])
    with serving(FakeCommander()) as commander:
        plan = Plan(commander.url, (PlannedRig(TOKEN),), ledger=str(ledger), time_scale=60, duplicates=1.0)
        (rig,) = rigs_of(plan, quick, "1")
        played(rig, quick, real, 1800)
        assert rig.goodbye()
    assert 29 < real[0] - 100 < 31
    held = commander.held.samples("machine1")
    lines = {
        (f"{at:.3f}", name, repr(value)) for at, values in held.items() for name, value in values.items()
    }
    assert {tuple(line.split()[1:]) for line in ledger.read_text().splitlines()} == lines
    assert len(held) >= 180
    assert min(held) >= 1_700_000_000.0
    assert len({each.sequence for each in commander.reports}) == len(commander.reports) / 2
