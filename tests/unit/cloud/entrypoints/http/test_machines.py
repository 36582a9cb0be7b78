"""Machines over HTTP."""

from __future__ import annotations

import msgspec
import pytest

from tests.fakes.caller import Caller
from tests.fakes.reports import NOW, SPECS, report
from tests.fakes.world import Farm, Sentry, World
from wire.live import History, MachinePage, MachineView, MetricsTable
from wire.metrics import METRICS


def test_metrics_table(owner: Caller) -> None:
    table = msgspec.json.decode(owner.get("/v1/metrics").body, type=MetricsTable)
    assert table.metrics == METRICS


def test_page_machine_and_history_of_one_report(world: World, owner: Caller, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, [NOW - 10, NOW], specs=SPECS))
    page = msgspec.json.decode(owner.get("/v1/machines").body, type=MachinePage)
    view = msgspec.json.decode(owner.get(f"/v1/machines/{sentry.machine}").body, type=MachineView)
    history = msgspec.json.decode(owner.get(f"/v1/machines/{sentry.machine}/history").body, type=History)
    assert page.live == view.live
    assert page.live.values == {"cpu_load_pct": [11.0]}
    assert view.specs == SPECS
    assert (history.to_at - history.from_at, history.at) == (3600, [NOW - 10, NOW])
    assert history.values == {"cpu_load_pct": [10.0, 11.0]}


def test_paging_by_query(world: World, owner: Caller, farm: Farm) -> None:
    made = sorted(world.sentry(farm, f"rig-{number}").machine for number in range(5))
    seen: list[str] = []
    query = "limit=2"
    while query:
        page = msgspec.json.decode(owner.get("/v1/machines", query).body, type=MachinePage)
        seen += page.live.machine
        query = f"limit=2&after={page.next.replace('#', '%23')}" if page.next else ""
    assert seen == made


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=-1", "limit=1&limit=9999"])
def test_bad_limit(owner: Caller, query: str) -> None:
    answer = owner.get("/v1/machines", query)
    assert (answer.status, answer.code, answer.json["error"]["field"]) == (422, "bad_query", "limit")


def test_limit_of_thousands_of_digits_is_refused_in_words(owner: Caller) -> None:
    answer = owner.get("/v1/machines", "limit=0000000001" + "0" * 5000)
    assert (answer.status, answer.code) == (422, "bad_query")


@pytest.mark.parametrize(
    ("span", "length_s", "resolution_s"),
    [
        ("1h", 3600, None),
        ("24h", 86_400, 600),
        ("7d", 7 * 86_400, 600),
        ("30d", 30 * 86_400, 3600),
        ("1y", 365 * 86_400, 86_400),
    ],
)
def test_span_of_the_history(
    world: World, owner: Caller, sentry: Sentry, span: str, length_s: int, resolution_s: int | None
) -> None:
    world.report(sentry, report(sentry.machine))
    answer = owner.get(f"/v1/machines/{sentry.machine}/history", f"span={span}")
    history = msgspec.json.decode(answer.body, type=History)
    assert (history.to_at - history.from_at, history.resolution_s) == (length_s, resolution_s)
    assert len(history.at) == 1
    assert history.values == {"cpu_load_pct": [10.0]}


@pytest.mark.parametrize("span", ["", "2h", "1H", "3600", "1y%20", "24h&span=x", "7d,1h", "\u0667d"])
def test_bad_span_is_told_which_there_are(owner: Caller, sentry: Sentry, span: str) -> None:
    answer = owner.get(f"/v1/machines/{sentry.machine}/history", f"span={span}")
    assert (answer.status, answer.code, answer.json["error"]["field"]) == (422, "bad_query", "span")
    assert "1h, 24h, 7d, 30d, 1y" in answer.json["error"]["message"]


@pytest.mark.parametrize("path", ["/v1/machines/machine_x", "/v1/machines/machine_x/history"])
def test_unknown_machine(owner: Caller, path: str) -> None:
    answer = owner.get(path)
    assert (answer.status, answer.code) == (404, "machine_unknown")


def test_another_farms_machine_is_unknown(world: World, owner: Caller) -> None:
    theirs = world.sentry(world.farm("South", "south@example.test"))
    assert owner.get(f"/v1/machines/{theirs.machine}").code == "machine_unknown"
    assert owner.get("/v1/machines").json["live"]["machine"] == []
