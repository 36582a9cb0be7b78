"""Two windows that change the same thing, and a browser whose own network fails, in a real Chromium."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.system.browser import Watched, chromium
from tests.system.fake_agent import FakeAgent, Json
from tests.system.processes import Commander, VisitedCommander

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
CADENCE = {"RIG_REPORT_INTERVAL_S": "10", "RIG_SAMPLE_INTERVAL_S": "10"}
LATE_S = 15


class Rig(FakeAgent):
    """Tells the events that it is given."""

    def __init__(self, commander: Commander, name: str) -> None:
        super().__init__(commander, name)
        self.events: list[Json] = []

    def _message(self, interval_s: float, mining: list[Json], power_w: float) -> Json:
        message = super()._message(interval_s, mining, power_w)
        message["machines"][0]["events"] = self.events
        return message


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commander]:
    """A commander at a cadence of 10 s, without a sentry of its own."""
    commander = VisitedCommander(tmp_path_factory.mktemp("windows") / "commander", "--no-sentry", env=CADENCE)
    yield commander
    commander.program.end()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    yield made
    made.close()


@pytest.fixture
def owner(farm: Commander, context: BrowserContext) -> Page:
    watched = Watched(context.new_page())
    watched.sign_in(farm.url, farm.password)
    return watched.page


@pytest.fixture
def reporting() -> Iterator[Callable[[FakeAgent], None]]:
    """Lets agents report each 2 s until the test ends."""
    ended, threads = Event(), list[Thread]()

    def start(agent: FakeAgent) -> None:
        def report() -> None:
            while not ended.wait(2):
                agent.report(10)

        threads.append(Thread(target=report))
        threads[-1].start()

    yield start
    ended.set()
    for thread in threads:
        thread.join()


def _open(page: Page, farm: Commander, machine: str) -> None:
    page.goto(f"{farm.url}/#/machines/{machine}")
    expect(page.get_by_test_id("machine")).to_be_visible()


def test_only_what_was_touched_is_saved(farm: Commander, owner: Page) -> None:
    agent = FakeAgent(farm, "two owners")
    with farm.signed_in() as client:
        path = f"/v1/machines/{agent.machine}"
        client.patch(path, json={"tags": ["6 cards, red"], "place": "hall 1"}).raise_for_status()
        _open(owner, farm, agent.machine)
        owner.get_by_test_id("edit-machine").click()
        client.patch(path, json={"place": "hall 2"}).raise_for_status()
        owner.get_by_test_id("field-client").fill("Anna")
        owner.get_by_test_id("save-machine").click()
        expect(owner.get_by_test_id("labels")).to_contain_text("Client: Anna")
        labels = client.get(path).json()["labels"]
    assert (labels["place"], labels["tags"], labels["client"]) == ("hall 2", ["6 cards, red"], "Anna")


def test_a_form_does_not_undo_what_another_window_saved(farm: Commander, owner: Page) -> None:
    owner.goto(f"{farm.url}/#/farm")
    owner.get_by_test_id("field-late_after_s").fill("50")
    with farm.signed_in() as client:
        theirs = {"report_interval_s": 20, "late_after_s": None, "offline_after_s": None}
        client.put("/v1/farm/settings", json=theirs).raise_for_status()
        owner.get_by_test_id("save-farm").click()
        expect(owner.get_by_test_id("overtaken")).to_contain_text("a report each 20 s, late after 30 s")
        assert client.get("/v1/farm").json()["settings"]["report_interval_s"] == 20
        owner.get_by_test_id("take-theirs").click()
        expect(owner.get_by_test_id("field-report_interval_s")).to_have_value("20")
        expect(owner.get_by_test_id("overtaken")).not_to_be_attached()
        client.put("/v1/farm/settings", json={"report_interval_s": 30}).raise_for_status()
        for _ in range(2):
            owner.get_by_test_id("save-farm").click()
            expect(owner.get_by_test_id("save-farm")).to_be_enabled()
            owner.wait_for_timeout(300)
        expect(owner.get_by_test_id("farm-answer")).to_contain_text("Saved.")
        assert client.get("/v1/farm").json()["settings"]["report_interval_s"] == 20
        client.put("/v1/farm/settings", json={}).raise_for_status()


def test_a_browser_without_network_says_so_and_states_stay(
    farm: Commander, context: BrowserContext, owner: Page, reporting: Callable[[FakeAgent], None]
) -> None:
    """The rigs go on; only the page cannot hear them."""
    agents = [FakeAgent(farm, f"steady {number}") for number in range(2)]
    for agent in agents:
        agent.report(10)
        reporting(agent)
    online = owner.locator('[data-testid="machine-row"][data-state="online"]')
    expect(online).to_have_count(2)
    connection = owner.get_by_test_id("connection")
    cut = time.monotonic()
    context.set_offline(True)
    expect(connection).to_have_attribute("data-state", "lost", timeout=20_000)
    assert time.monotonic() - cut < LATE_S, "said before a rig would be late"
    expect(connection).to_contain_text(re.compile(r"lost; figures are as of .*, \d+ s ago"))
    owner.wait_for_timeout((LATE_S + 5) * 1000)
    expect(online).to_have_count(2)
    context.set_offline(False)
    expect(connection).to_have_attribute("data-state", "live", timeout=45_000)
    expect(online).to_have_count(2)


def test_a_page_reads_again_what_it_could_not_read(farm: Commander, owner: Page) -> None:
    agent = FakeAgent(farm, "hard to read")
    agent.report(10)
    refused: list[str] = []

    def cut(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    owner.route(f"**/v1/machines/{agent.machine}**", cut)
    owner.route(f"**/v1/machines/{agent.machine}/**", cut)
    owner.goto(f"{farm.url}/#/machines/{agent.machine}")
    expect(owner.get_by_text("cannot be reached")).to_be_visible()
    # Nothing else happens on the farm that would make the page read anything.
    owner.wait_for_timeout(3000)
    assert len(refused) >= 3
    owner.unroute_all()
    expect(owner.get_by_test_id("machine")).to_be_visible(timeout=10_000)
    expect(owner.get_by_text("cannot be reached").locator("visible=true")).to_have_count(0)


def test_an_event_shows_with_the_report_that_brings_it(farm: Commander, owner: Page) -> None:
    rig = Rig(farm, "tells")
    rig.report(10)
    _open(owner, farm, rig.machine)
    owner.wait_for_timeout(6000)
    rig.events = [
        {"id": 1, "at": time.time(), "kind": "too_hot", "reason": "\u202ereversed", "level": "alert"}
    ]
    rig.report(10)
    told = owner.locator('[data-testid="event"][data-kind="too_hot"]')
    expect(told).to_be_visible(timeout=5000)
    direction = "element => getComputedStyle(element).unicodeBidi"
    assert told.locator("bdi", has_text="reversed").evaluate(direction) == "isolate"
    owner.goto(f"{farm.url}/#/events")
    expect(told).to_be_visible()
    owner.wait_for_timeout(6000)
    rig.events = [{"id": 2, "at": time.time(), "kind": "gpu_dead", "reason": "", "level": "critical"}]
    rig.report(10)
    expect(owner.locator('[data-testid="event"][data-kind="gpu_dead"]')).to_be_visible(timeout=5000)


def _join(farm: Commander, email: str, password: str) -> None:
    with farm.signed_in() as client:
        made = client.post("/v1/invitations", json={"role": "viewer"}).raise_for_status().json()
        joining = {"secret": made["link"].rpartition("/")[2], "email": email, "password": password}
    httpx.post(
        f"{farm.url}/v1/invitations/join", json=joining, trust_env=False, timeout=30
    ).raise_for_status()


def test_a_window_follows_to_another_account_and_a_spent_link_leads_on(
    farm: Commander, context: BrowserContext
) -> None:
    email, password = "dan@example.org", "seven grey geese"
    _join(farm, email, password)
    first, second = Watched(context.new_page()), context.new_page()
    second.goto(f"{farm.url}/#/reset/{'x' * 40}.")
    for field in ("new", "again"):
        second.get_by_test_id(field).fill("another fine password")
    second.get_by_test_id("save-password").click()
    expect(second.get_by_test_id("link-spent")).to_contain_text("unknown, used or too old")
    second.get_by_role("link", name="Back to sign in").click()

    first.sign_in(farm.url, farm.password)
    expect(first.page.get_by_role("heading", name="Machines")).to_be_focused()
    second.get_by_test_id("email").fill(email)
    second.get_by_test_id("password").fill(password)
    second.get_by_role("button", name="Sign in").click()
    expect(first.page.get_by_test_id("notice")).to_contain_text(f"You are now signed in as {email}.")
    expect(first.page.get_by_title(f"Signed in as {email}")).to_be_visible()
    assert first.complaints == []
