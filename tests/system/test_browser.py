"""A person with a real Chromium, and real processes behind the page."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.system.browser import Watched, chromium
from tests.system.processes import Commander, Program, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PROGRAMS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield Watched(context.new_page())
    context.close()


def _add_sentry(watched: Watched, name: str, kind: str = "cpu_gpu") -> str:
    """Fills the dialog in and gives the command that it shows."""
    page = watched.page
    page.get_by_test_id("add-sentry").first.click()
    page.get_by_test_id("sentry-name").fill(name)
    page.get_by_test_id(f"kind-{kind}").check()
    page.get_by_test_id("create-sentry").click()
    return page.get_by_test_id("enrol-command").inner_text()


def _enrol(command: str, data: Path) -> None:
    """Runs exactly what the page showed, with a data folder of the test's."""
    program, *arguments = shlex.split(command)
    done = subprocess.run(
        [PROGRAMS / program, *arguments, "--data", data],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_from_sign_in_to_a_rig_that_goes_offline(
    commander: Commander, watched: Watched, tmp_path: Path
) -> None:
    page, data = watched.page, tmp_path / "sentry"
    watched.sign_in(commander.url, commander.password)
    expect(page.get_by_test_id("empty")).to_be_visible()
    expect(page.get_by_text("Loading…")).not_to_be_attached()

    _enrol(_add_sentry(watched, "garage rig"), data)
    status = page.get_by_test_id("dialog-status")
    expect(status).to_have_attribute("data-connected", "false")
    sentry = Program("edge_sentry", ["run", "--data", str(data)], tmp_path / "sentry.log")
    try:
        expect(status).to_have_attribute("data-connected", "true", timeout=30_000)
        status.get_by_role("link").click()
        expect(page.get_by_role("heading", name="garage rig")).to_be_visible()
        _see_figures_change_without_a_request(watched)
    finally:
        sentry.kill()
    state = page.get_by_test_id("machine-state")
    expect(state).to_have_attribute("data-state", "late", timeout=30_000)
    expect(state).to_have_attribute("data-state", "offline", timeout=60_000)
    expect(page.get_by_test_id("event").first).to_contain_text("went offline", timeout=90_000)
    assert watched.complaints == []


def _see_figures_change_without_a_request(watched: Watched) -> None:
    page = watched.page
    state = page.get_by_test_id("machine-state")
    expect(state).to_have_attribute("data-state", "online", timeout=30_000)
    uptime = page.get_by_test_id("value-uptime_s")
    expect(uptime.locator("canvas, *").or_(uptime).first).to_be_visible()
    expect(page.get_by_test_id("chart-cpu_load_pct").locator("canvas")).to_be_visible()
    load = page.get_by_test_id("value-cpu_load_pct")
    asked = len(_polled(watched))
    seen: set[str] = set()

    def three_values() -> bool:
        seen.add(load.inner_text())
        return len(seen) >= 3

    wait_for("three values of the load", three_values)
    assert _polled(watched)[asked:] == [], "figures come by the socket, nothing is polled"


def _polled(watched: Watched) -> list[str]:
    """Every request but for the events, which are read again when the state has changed."""
    return [request for request in watched.requests if "/events" not in request]


def test_wrong_password_is_said_in_words(commander: Commander, watched: Watched) -> None:
    page = watched.page
    page.goto(commander.url)
    page.get_by_test_id("email").fill("owner@localhost")
    page.get_by_test_id("password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("sign-in-error")).to_have_text("E-mail or password is wrong.")


def test_asic_edge_can_be_made_and_deleted(commander: Commander, watched: Watched) -> None:
    page = watched.page
    watched.sign_in(commander.url, commander.password)
    command = _add_sentry(watched, "hall <b>1</b>", "asic")
    assert command.startswith("asic-edge enrol --url ")
    page.keyboard.press("Escape")
    page.goto(f"{commander.url}/#/sentries")
    expect(page.get_by_text("hall <b>1</b>")).to_be_visible()
    with commander.signed_in() as client:
        agent = client.get("/v1/agents").json()["agents"][0]["agent"]
        assert client.delete(f"/v1/agents/{agent}").status_code == 204
    page.reload()
    expect(page.get_by_test_id("binned-row")).to_contain_text("hall <b>1</b>")
    expect(page.get_by_test_id("agent-row")).to_have_count(0)


def test_two_windows_agree_and_a_lost_commander_is_said(
    commander: Commander, browser: Browser, watched: Watched
) -> None:
    watched.sign_in(commander.url, commander.password)
    context = browser.new_context()
    other = Watched(context.new_page())
    other.sign_in(commander.url, commander.password)
    _add_sentry(watched, "seen in both")
    expect(other.page.get_by_text("seen in both")).to_be_visible(timeout=10_000)

    commander.program.kill()
    connection = other.page.get_by_test_id("connection")
    expect(connection).to_have_attribute("data-state", "lost", timeout=15_000)
    commander.start()
    expect(connection).to_have_attribute("data-state", "live", timeout=45_000)
    expect(other.page.get_by_text("seen in both")).to_be_visible()
    context.close()


def test_deleted_machine_says_so(commander: Commander, watched: Watched) -> None:
    page = watched.page
    watched.sign_in(commander.url, commander.password)
    _add_sentry(watched, "short-lived")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="short-lived").click()
    page.get_by_test_id("delete-machine").click()
    page.get_by_test_id("confirm-delete").click()
    expect(page.get_by_test_id("empty")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("no such machine")).to_be_visible()


def test_simulated_rigs_are_marked(tmp_path: Path, watched: Watched) -> None:
    commander = Commander(tmp_path / "commander", "--no-sentry", "--rigs", "3")
    try:
        watched.sign_in(commander.url, commander.password)
        rows = watched.page.get_by_test_id("machine-row")
        expect(rows).to_have_count(3)
        for row in rows.all():
            expect(row).to_contain_text("simulated")
        online = watched.page.locator('[data-testid="machine-row"][data-state="online"]')
        expect(online).to_have_count(3, timeout=30_000)
    finally:
        commander.program.end()
