"""Records as pages see them."""

from __future__ import annotations

from cloud.domain.records import Agent, Latest
from cloud.domain.views import agent_view, live_columns
from wire.codec import encode
from wire.live import AgentView, LiveColumns
from wire.messages import AgentKind


def test_columns_stand_in_the_order_of_the_machines_without_unknown_metrics() -> None:
    one = Latest("m1", 90.0, 100.0, 60, {1: 0.0, 7: 5.0, 9999: 1.0}, b"")
    three = Latest("m3", 95.0, 101.0, 10, {1: None}, b"", stopped=True)
    assert live_columns(["m1", "m2", "m3"], [one, None, three]) == LiveColumns(
        machine=["m1", "m2", "m3"],
        received_at=[100.0, None, 101.0],
        sampled_at=[90.0, None, 95.0],
        late_at=[190.0, None, 116.0],
        offline_at=[250.0, None, 131.0],
        stopped=[False, False, True],
        values={"cpu_load_pct": [0.0, None, None], "uptime_s": [5.0, None, None]},
    )


def test_no_machines_give_empty_columns() -> None:
    assert live_columns([], []) == LiveColumns([], [], [], [], [], [], {})


def test_view_of_an_agent_says_all_but_its_secret() -> None:
    agent = Agent("a", "rig", AgentKind.CPU_GPU, "5ec4e7", "m", 1.0, True, 3, 2.0, "1.2.3")
    view = agent_view(agent)
    assert view == AgentView("a", "rig", AgentKind.CPU_GPU, True, "m", 1.0, 2.0, "1.2.3")
    assert b"5ec4e7" not in encode(view)
