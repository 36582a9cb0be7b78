"""Turns records into what pages are shown."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.domain import state
from cloud.domain.records import Agent, Latest
from wire.live import AgentView, LiveColumns


def live_columns(machines: Sequence[str], latest: Sequence[Latest | None]) -> LiveColumns:
    """Columns in the order of `machines`; None where a machine has never reported."""
    metrics = sorted({name for snapshot in latest if snapshot for name in snapshot.values})
    return LiveColumns(
        machine=list(machines),
        received_at=[s.received_at if s else None for s in latest],
        sampled_at=[s.sampled_at if s else None for s in latest],
        late_at=[state.late_at(s.received_at, s.interval_s) if s else None for s in latest],
        offline_at=[state.offline_at(s.received_at, s.interval_s) if s else None for s in latest],
        stopped=[bool(s and s.stopped) for s in latest],
        values={name: [s.values.get(name) if s else None for s in latest] for name in metrics},
    )


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
    )
