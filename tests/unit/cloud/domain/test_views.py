"""Records as pages see them."""

from __future__ import annotations

from cloud.domain.pace import pace_of
from cloud.domain.packing import pack
from cloud.domain.policy import Policy
from cloud.domain.records import Agent, Latest, Mined, Outage
from cloud.domain.views import agent_view, live_columns, part_values
from tests.fakes.reports import block
from wire.codec import encode
from wire.live import AgentView, FarmSettings, LiveColumns, Stranger
from wire.messages import AgentKind, Mining

PACE = pace_of(Policy(), FarmSettings())


def test_columns_stand_in_the_order_of_the_machines_without_unknown_metrics() -> None:
    mined = (Mined("RandomX", 9000.5, "H/s", "XMR"), Mined("Equihash", None, "Sol/s", None))
    one = Latest("m1", 90.0, 100.0, 60, {1: 0.0, 7: 5.0, 9999: 1.0}, b"", mining=mined)
    three = Latest("m3", 95.0, 101.0, 10, {1: None}, b"", stopped=True)
    assert live_columns(["m1", "m2", "m3"], [one, None, three], PACE) == LiveColumns(
        machine=["m1", "m2", "m3"],
        received_at=[100.0, None, 101.0],
        sampled_at=[90.0, None, 95.0],
        late_at=[190.0, None, 191.0],
        offline_at=[250.0, None, 251.0],
        stopped=[False, False, True],
        interval_s=[60, None, 10],
        mining=[(Mining("RandomX", 9000.5, "H/s", "XMR"), Mining("Equihash", None, "Sol/s")), (), ()],
        values={"cpu_load_pct": [0.0, None, None], "uptime_s": [5.0, None, None]},
    )


def test_no_machines_give_empty_columns() -> None:
    assert live_columns([], [], PACE) == LiveColumns([], [], [], [], [], [], [], [], {})


def test_deadlines_are_by_the_farms_own_limits_and_the_commanders_outages() -> None:
    pace = pace_of(Policy(), FarmSettings(late_after_s=100, offline_after_s=1000))
    before, after = (Latest(name, 1.0, at, 60, {}, b"") for name, at in (("m1", 50.0), ("m2", 500.0)))
    live = live_columns(["m1", "m2"], [before, after], pace, [Outage(60.0, 400.0)])
    assert (live.late_at, live.offline_at) == ([800.0, 600.0], [1700.0, 1500.0])


def test_figures_of_parts_are_the_last_of_the_block_under_way() -> None:
    columns: dict[str, list[float | None]] = {
        "cpu_load_pct": [1.0, 2.0],
        "gpu_power_w@gpu-1": [3.0, 4.5],
        "gpu_power_w@gpu-2": [5.0, None],
        "hashrate@kawpow": [None, 6.25],
    }
    latest = Latest("m1", 20.0, 21.0, 60, {1: 2.0}, pack(block([10.0, 20.0], columns)))
    expected = {"gpu_power_w@gpu-1": 4.5, "gpu_power_w@gpu-2": None, "hashrate@kawpow": 6.25}
    assert part_values(latest) == expected
    assert part_values(Latest("m1", 20.0, 21.0, 60, {}, pack(block([20.0])))) == {}


def test_view_of_an_agent_says_all_but_its_secret() -> None:
    stranger = Stranger("twin", 3.0)
    agent = Agent(
        "a", "rig", AgentKind.CPU_GPU, "5ec4e7", "m", 1.0, True, 3, 2.0, "1.2.3", ("aa:bb",), stranger
    )
    view = agent_view(agent)
    assert view == AgentView("a", "rig", AgentKind.CPU_GPU, True, "m", 1.0, 2.0, "1.2.3", stranger)
    assert b"5ec4e7" not in encode(view)
    assert b"aa:bb" not in encode(view)
