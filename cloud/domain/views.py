"""Turns records into what pages are shown."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.domain import state
from cloud.domain.packing import unpack
from cloud.domain.records import Agent, Latest, Outage
from wire.live import AgentView, LiveColumns, Pace
from wire.messages import Mining
from wire.metrics import BY_CODE


def live_columns(
    machines: Sequence[str], latest: Sequence[Latest | None], pace: Pace, outages: Sequence[Outage] = ()
) -> LiveColumns:
    """Columns in the order of `machines`; None where a machine has never reported.

    `outages` are the commander's own; whoever has just reported needs none of them.
    """
    deadlines = [state.deadlines(s, pace, outages) if s else (None, None) for s in latest]
    codes = {code for snapshot in latest if snapshot for code in snapshot.values}
    metrics = sorted((BY_CODE[code] for code in codes if code in BY_CODE), key=lambda row: row.name)
    return LiveColumns(
        machine=list(machines),
        received_at=[s.received_at if s else None for s in latest],
        sampled_at=[s.sampled_at if s and s.silence is None else None for s in latest],
        late_at=[late_at for late_at, _ in deadlines],
        offline_at=[offline_at for _, offline_at in deadlines],
        stopped=[bool(s and s.stopped) for s in latest],
        interval_s=[s.interval_s if s else None for s in latest],
        mining=[_mining(s) if s else () for s in latest],
        values={row.name: [s.values.get(row.code) if s else None for s in latest] for row in metrics},
        silence={s.machine: s.silence for s in latest if s and s.silence},
    )


def part_values(latest: Latest) -> dict[str, float | None]:
    """The last sample's figures of devices and algorithms, by series name; none of a silent ASIC."""
    if not latest.open:
        return {}
    block = unpack(latest.open)
    return {series.name: series.values[-1] for series in block.series if series.subject}


def _mining(latest: Latest) -> tuple[Mining, ...]:
    return tuple(row.told() for row in latest.mining)


def agent_view(agent: Agent) -> AgentView:
    """An agent without its secret's digest."""
    return AgentView(
        agent.agent,
        agent.name,
        agent.kind,
        agent.simulated,
        agent.machine,
        agent.created_at,
        agent.enrolled_at,
        agent.agent_version,
        agent.stranger,
    )
