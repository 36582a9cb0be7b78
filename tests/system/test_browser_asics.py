"""From an empty folder to 200 simulated ASICs on the screen: a person, a real Chromium and a real edge."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from asic_edge.simulator.device import Fault
from asic_edge.simulator.models import MODELS
from tests.system.asic_site import CADENCE, RunningHall, running_hall
from tests.system.browser import Watched, chromium
from tests.system.processes import Program, VisitedCommander

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]
COUNT, HUNG = 200, 3
"""Those that hang make a search last long enough to be watched."""
TWO_ROUNDS_MS = 60_000
"""With as much again for a computer that has other things to do."""
NONE = "\N{EN DASH}"


@pytest.fixture(scope="module")
def hall() -> Iterator[RunningHall]:
    names = [*islice(cycle(MODELS), COUNT), *("whatsminer" for _ in range(HUNG))]
    with running_hall(names, "127.56.0.1") as running:
        for address in running.addresses[COUNT:]:
            running.misbehave(address, Fault.HUNG)
        yield running


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def test_from_an_empty_folder_to_a_hall_on_the_screen(
    hall: RunningHall, tmp_path: Path, stack: ExitStack
) -> None:
    commander = VisitedCommander(tmp_path / "commander", "--no-sentry", env=CADENCE)
    stack.callback(commander.program.end)
    context = stack.enter_context(chromium()).new_context(viewport={"width": 1440, "height": 900})
    watched = Watched(context.new_page())
    page = watched.page
    watched.sign_in(commander.url, commander.password)

    edge = _start_edge(_make_edge(page), tmp_path)
    stack.callback(edge.end)
    expect(page.get_by_test_id("dialog-status")).to_have_attribute("data-connected", "true", timeout=30_000)
    page.keyboard.press("Escape")
    page.goto(f"{commander.url}/#/sentries")
    page.get_by_role("link", name="hall 1").click()
    _search(page, hall)
    _add_all(page)
    _see_them_all(page)
    _see_one_fall_silent(page, hall)
    assert watched.complaints == []


def _make_edge(page: Page) -> str:
    """Gives the command that the dialog shows."""
    page.get_by_test_id("add-sentry").first.click()
    page.get_by_test_id("sentry-name").fill("hall 1")
    page.get_by_test_id("kind-asic").check()
    page.get_by_test_id("create-sentry").click()
    return page.get_by_test_id("enrol-command").inner_text()


def _start_edge(command: str, folder: Path) -> Program:
    """Does what the page says, with a data folder of the test's."""
    program, *enrol = shlex.split(command)
    assert program == "asic-edge"
    place = ["--data", str(folder / "edge")]
    enrolled = Program("asic_edge", [*enrol, *place], folder / "enrol.log")
    assert enrolled.process.wait(60) == 0, enrolled.output()
    return Program("asic_edge", ["run", *place], folder / "edge.log")


def _search(page: Page, hall: RunningHall) -> None:
    page.get_by_test_id("part-search").click(timeout=30_000)
    page.get_by_test_id("ranges").fill(hall.span)
    page.get_by_test_id("start-search").click()
    state = page.get_by_test_id("search-state")
    expect(state).to_have_attribute("data-state", "running", timeout=30_000)
    expect(state.locator("progress")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("ranges")).to_have_value(hall.span)
    expect(state).to_contain_text(hall.span)
    expect(state).to_have_attribute("data-state", "done", timeout=120_000)
    expect(state).to_contain_text(f"{COUNT} devices found")
    every = COUNT + HUNG
    expect(page.get_by_test_id("found-count")).to_have_text(f"{every} of {every}", timeout=30_000)


def _add_all(page: Page) -> None:
    page.get_by_test_id("tick-all").click()
    expect(page.get_by_test_id("ticked")).to_contain_text(str(COUNT))
    page.get_by_test_id("add-found").click()
    page.get_by_test_id("field-rule").fill("{make}-{ip4}")
    page.get_by_test_id("confirm-add").click()
    expect(page.get_by_test_id("errand-counts")).to_contain_text(f"{COUNT} added", timeout=120_000)
    page.get_by_test_id("part-remove").click()
    expect(page.get_by_test_id("edge-removal")).to_contain_text(f"{COUNT} of {COUNT}", timeout=30_000)


def _see_them_all(page: Page) -> None:
    page.get_by_role("link", name="ASICs", exact=True).click()
    expect(page.get_by_test_id("total-online")).to_contain_text(f"{COUNT}", timeout=90_000)
    expect(page.get_by_test_id("sum-sha256")).to_contain_text("150 of 150 machines")
    expect(page.get_by_test_id("sum-kheavyhash")).to_contain_text("50 of 50 machines")
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", str(COUNT + 1))
    expect(page.locator('[data-testid="asic-row"][data-state="online"]').first).to_be_visible()


def _see_one_fall_silent(page: Page, hall: RunningHall) -> None:
    name, address = "Whatsminer-2", hall.addresses[1]
    page.get_by_test_id("find").fill(name)
    row = page.get_by_test_id("asic-row").filter(has=page.get_by_role("link", name=name, exact=True))
    row.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_test_id("value-hashrate")).to_contain_text("TH/s")
    expect(page.get_by_test_id("board-row")).to_have_count(3)
    expect(page.get_by_test_id("pool-row").first).to_contain_text("btc.example.pool:3333")
    expect(page.get_by_test_id("no-control")).to_be_visible()
    expect(page.get_by_test_id("edge-link")).to_have_text("hall 1")

    hall.misbehave(address, Fault.GONE)
    state = page.get_by_test_id("machine-state")
    expect(state).to_have_attribute("data-state", "offline", timeout=TWO_ROUNDS_MS)
    expect(page.get_by_test_id("silence")).to_contain_text("refuses connections")
    expect(page.get_by_test_id("age")).to_contain_text("for ")
    expect(page.get_by_test_id("value-hashrate")).to_have_text(NONE)
    expect(page.get_by_test_id("value-chip_hottest_c")).to_have_text(NONE)
    page.go_back()
    expect(row).to_have_attribute("data-state", "offline")
    expect(row.get_by_test_id("silence")).to_contain_text("refuses connections")
    expect(row.locator('[data-metric="hashrate"]')).to_have_count(0)
