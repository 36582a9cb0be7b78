"""Builds small valid reports for tests."""

from __future__ import annotations

from wire.messages import Block, MachineReport, Report, Series


def report(*machines: MachineReport, sequence: int = 0, goodbye: bool = False) -> Report:
    """A report of epoch 1; of one machine with one sample unless some are given."""
    return Report(
        epoch=1,
        sequence=sequence,
        sent_at=1000.0,
        interval_s=60.0,
        machines=machines or (machine_report(),),
        goodbye=goodbye,
    )


def machine_report(
    *, name: str = "m1", at: tuple[float, ...] = (1.0,), series: tuple[Series, ...] | None = None
) -> MachineReport:
    """One machine's open block with CPU load unless `series` says otherwise."""
    load = (Series("cpu_load_pct", tuple(50.0 for _ in at)),)
    return MachineReport(name, (), Block(at, load if series is None else series))
