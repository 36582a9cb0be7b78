"""An owner looks after a rig with cards and mining programs in a real Chromium."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.system.browser import Watched, chromium
from tests.system.fake_agent import FakeAgent, Json
from tests.system.processes import Commander, VisitedCommander, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
BLIND = "Not Supported by this card"
HOT = "card 0000:02:00.0 has 91 °C"
LINES = ["<script>alert(1)</script> first", "[ OK ] 241.70 MH/s"]
SERIES: dict[str, dict[str, float]] = {
    "gpu_hottest_c": {"": 71},
    "gpu_temperature_c": {"gpu-a": 61, "gpu-b": 71},
    "gpu_fan_pct": {"gpu-a": 55},
    "hashrate": {"kawpow": 31.5e6},
}


class Rig(FakeAgent):
    """Two cards and two mining programs, one of which somebody else started."""

    def __init__(self, commander: Commander, name: str) -> None:
        super().__init__(commander, name)
        self.state, self.reason = "running", ""
        self.orders_done = 0
        self.events: list[Json] = []
        self.log: Json | None = None

    def tell(self) -> list[Json]:
        """Reports; gives the orders that it is asked to carry out."""
        reply = self.report(60, [{"algorithm": "kawpow", "hashrate": 31.5e6, "coin": "RVN"}])
        orders: list[Json] = reply.get("orders", [])
        return orders

    def _message(self, interval_s: float, mining: list[Json], power_w: float) -> Json:
        message = super()._message(interval_s, mining, power_w)
        machine = message["machines"][0]
        times = len(machine["open"]["at"])
        machine["open"]["series"] += [
            {"metric": metric, "subject": subject, "values": [value] * times}
            for metric, values in SERIES.items()
            for subject, value in values.items()
        ]
        machine["specs"] = {"hostname": "rig", "devices": [_card("gpu-a", "01"), _card("gpu-b", "02")]}
        machine["unread"] = [{"part": "gpu_fan_pct@gpu-b", "reason": BLIND}]
        machine["programs"] = self._programs()
        machine |= {"events": self.events, "orders_done": self.orders_done}
        machine |= {"log": self.log} if self.log else {}
        return message

    def _programs(self) -> list[Json]:
        ours = {"program": "gpus", "miner": "t-rex", "state": self.state, "reason": self.reason}
        shares = {"accepted": 99, "rejected": 1, "pool": "pool.example:6060", "pool_connected": True}
        theirs = {"program": "theirs", "miner": "xmrig", "state": "mining", "managed": False}
        return [{**ours, **shares, "version": "0.26.8", "running_s": 3600.0}, theirs]


def _card(device: str, slot: str) -> Json:
    known = {"name": f"Card {slot}", "uuid": f"GPU-{slot}-4f1c", "vbios": "94.02", "driver": "550.120"}
    return {"device": device, "vendor": "nvidia", "address": f"0000:{slot}:00.0", **known}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commander]:
    folder: Path = tmp_path_factory.mktemp("rigs")
    commander = VisitedCommander(folder / "commander", "--no-sentry")
    yield commander
    commander.program.end()


@pytest.fixture
def owner(farm: Commander, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    seen = Watched(context.new_page())
    seen.sign_in(farm.url, farm.password)
    yield seen.page
    context.close()
    assert seen.complaints == []


def _open(page: Page, farm: Commander, rig: Rig) -> None:
    rig.tell()
    page.goto(f"{farm.url}/#/machines/{rig.machine}")
    expect(page.get_by_test_id("program")).to_have_count(2)


def _until(page: Page, what: str, seen: Callable[[], bool]) -> None:
    """Requests go out only while Playwright is at work."""

    def look() -> bool:
        page.wait_for_timeout(100)
        return seen()

    wait_for(what, look)


def _asked(page: Page, rig: Rig) -> Json:
    """The order that reaches the rig."""
    got: list[Json] = []

    def comes() -> bool:
        got[:] = rig.tell()
        time.sleep(0.5)
        return bool(got)

    _until(page, "an order", comes)
    return got[-1]


def test_cards_show_their_figures_or_why_there_are_none(farm: Commander, owner: Page) -> None:
    rig = Rig(farm, "with cards")
    _open(owner, farm, rig)
    rows = owner.get_by_test_id("card-row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("01:00")
    expect(rows.nth(0)).to_contain_text("61 °C")
    blind = rows.nth(1).get_by_test_id("not-read")
    expect(blind).to_have_attribute("title", BLIND)
    blind.click()
    expect(owner.get_by_test_id("notice")).to_contain_text(BLIND)
    expect(owner.get_by_test_id("unread")).to_contain_text("GPU fan of 02:00")
    specs = owner.get_by_test_id("card-specs")
    for words in ("Card 02", "driver 550.120", "VBIOS 94.02", "GPU-02-4f1c"):
        expect(specs).to_contain_text(words)
    expect(owner.get_by_test_id("chart-gpu_temperature_c").locator("canvas")).to_be_visible()
    expect(owner.get_by_test_id("chart-hashrate@kawpow").locator("canvas")).to_be_visible()
    expect(owner.get_by_test_id("chart-gpu_power_w")).not_to_be_attached()

    toggles = owner.get_by_test_id("toggle-card")
    toggles.nth(0).click()
    expect(owner.get_by_test_id("chart-gpu_fan_pct")).not_to_be_attached()
    expect(toggles.nth(0)).to_have_attribute("aria-pressed", "false")
    owner.get_by_test_id("choose-card").select_option("gpu-a")
    expect(owner.get_by_test_id("chart-gpu_fan_pct")).to_be_visible()
    expect(toggles.nth(1)).to_have_attribute("aria-pressed", "false")

    owner.goto(farm.url)
    expect(owner.get_by_role("columnheader", name="Hottest GPU")).to_be_visible()
    row = owner.get_by_test_id("machine-row").filter(has_text="with cards")
    expect(row.locator('[data-metric="gpu_hottest_c"]')).to_contain_text("71 °C")


def test_stop_waits_is_taken_back_and_is_carried_out(farm: Commander, owner: Page) -> None:
    rig = Rig(farm, "obedient")
    _open(owner, farm, rig)
    program = owner.get_by_test_id("program").nth(0)
    expect(program).to_contain_text("99 accepted, 1 rejected (1.0 %)")
    expect(program).to_contain_text("pool.example:6060 connected")
    expect(program.get_by_test_id("program-start")).to_be_disabled()
    theirs = owner.get_by_test_id("program").nth(1)
    expect(theirs).to_contain_text("not managed")
    expect(theirs.get_by_role("button")).to_have_count(0)

    program.get_by_test_id("program-stop").click()
    waiting = program.get_by_test_id("waiting-order")
    expect(waiting).to_contain_text("Stop is on its way to the rig")
    expect(program.get_by_test_id("program-restart")).to_be_disabled()
    waiting.get_by_test_id("take-back").click()
    expect(waiting).not_to_be_attached()
    assert rig.tell() == [], "it was taken back"

    program.get_by_test_id("program-pause").click()
    owner.get_by_test_id("pause-3600").check()
    owner.get_by_test_id("confirm-pause").click()
    expect(waiting).to_contain_text("Pause for 1 hour is on its way")
    order = _asked(owner, rig)
    assert (order["action"], order["program"], order["for_s"]) == ("pause", "gpus", 3600)
    rig.state, rig.reason, rig.orders_done = "paused", "the owner wants it paused", order["number"]
    rig.tell()
    expect(program.get_by_test_id("program-state")).to_have_text("paused", timeout=20_000)
    expect(program.get_by_test_id("program-reason")).to_have_text("the owner wants it paused")
    expect(waiting).not_to_be_attached()
    expect(program.get_by_test_id("program-start")).to_be_enabled()


def test_a_start_beside_somebody_elses_program_is_confirmed(farm: Commander, owner: Page) -> None:
    rig = Rig(farm, "in the way")
    rig.state, rig.reason = "refused", "t-rex (pid 812), which somebody else started, runs already"
    _open(owner, farm, rig)
    owner.get_by_test_id("program-start").click()
    expect(owner.get_by_role("dialog")).to_contain_text("t-rex (pid 812)")
    owner.keyboard.press("Escape")
    assert rig.tell() == [], "nothing was asked yet"
    owner.get_by_test_id("program-start").click()
    owner.get_by_test_id("confirm-take-over").click()
    order = _asked(owner, rig)
    assert (order["action"], order["take_over"]) == ("start", True)


def test_a_log_comes_when_the_rig_sent_it_and_is_text(farm: Commander, owner: Page) -> None:
    rig = Rig(farm, "talkative")
    _open(owner, farm, rig)
    owner.get_by_test_id("show-log").click()
    expect(owner.get_by_test_id("log-status")).to_contain_text("Asking the rig for its last lines")
    order = _asked(owner, rig)
    assert order["action"] == "log"
    rig.orders_done = order["number"]
    rig.log = {"order": order["number"], "program": "gpus", "lines": LINES}
    rig.tell()
    lines = owner.get_by_test_id("log-lines")
    expect(lines).to_have_text("\n".join(LINES), timeout=20_000)
    expect(owner.get_by_test_id("log-status")).to_contain_text("Its last lines, as of")
    owner.get_by_test_id("show-log").click()
    expect(lines).not_to_be_attached()


def test_a_program_is_watched_and_forgotten(farm: Commander, owner: Page) -> None:
    rig = Rig(farm, "watched")
    _open(owner, farm, rig)
    form = owner.get_by_test_id("watching")
    form.locator("summary").click()
    form.get_by_test_id("field-miner").fill("no such program")
    form.get_by_test_id("field-port").fill("70000")
    form.get_by_test_id("watch").click()
    expect(form.get_by_test_id("error-miner")).to_contain_text("One of")
    expect(form.get_by_test_id("error-port")).to_contain_text("1 to 65535")
    form.get_by_test_id("field-miner").fill("xmrig")
    form.get_by_test_id("field-port").fill("18088")
    form.get_by_test_id("watch").click()
    expect(form.get_by_test_id("watched")).to_contain_text("xmrig, port 18088")
    reply = rig.report(60)
    assert reply["watched"] == [{"program": "xmrig", "miner": "xmrig", "port": 18088}]
    form.get_by_role("button", name="Do not watch xmrig any more").click()
    expect(form.get_by_test_id("watched")).to_have_count(0)


def test_what_a_rig_told_is_in_both_lists(farm: Commander, owner: Page) -> None:
    rig = Rig(farm, "eventful")
    hot = {"id": 1, "at": time.time() - 90, "kind": "too_hot", "reason": HOT, "level": "critical"}
    strange = {"id": 2, "at": time.time() - 60, "kind": "warp_drive", "reason": "<b>new</b>"}
    rig.events = [{**hot, "program": "gpus", "subject": "0000:02:00.0"}, strange]
    _open(owner, farm, rig)
    told = owner.locator('[data-testid="event"][data-kind="too_hot"]')
    expect(told).to_contain_text("gpus Too hot (02:00)")
    expect(told).to_contain_text(HOT)
    expect(told.get_by_role("img", name="critical")).to_be_visible()
    owner.get_by_role("link", name="Events").click()
    expect(told.filter(has_text="eventful")).to_contain_text(HOT)
    unknown = owner.locator('[data-testid="event"][data-kind="warp_drive"]')
    expect(unknown).to_contain_text("warp drive")
    expect(unknown).to_contain_text("<b>new</b>")
