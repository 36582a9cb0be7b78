"""An owner at work in a real Chromium: totals, parking, names, the bin, tokens, cadence, looking."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.system.browser import Watched, chromium
from tests.system.fake_agent import FakeAgent
from tests.system.processes import Commander, VisitedCommander, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SLOW = {"RIG_REPORT_INTERVAL_S": "60", "RIG_SAMPLE_INTERVAL_S": "10"}
WATCHED_S = 5.0
PROGRAM = Path(sys.executable).parent / "edge-sentry"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commander]:
    """A commander at a cadence of a minute, without a sentry of its own."""
    folder = tmp_path_factory.mktemp("farm")
    commander = VisitedCommander(folder / "commander", "--no-sentry", env=SLOW)
    yield commander
    commander.program.end()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    seen = Watched(context.new_page())
    yield seen
    context.close()
    assert seen.complaints == []


@pytest.fixture
def owner(farm: Commander, watched: Watched) -> Iterator[Page]:
    """A page that shows an empty list; what a test made is deleted after it."""
    watched.sign_in(farm.url, farm.password)
    yield watched.page
    with farm.signed_in() as client:
        for agent in client.get("/v1/agents").json()["agents"]:
            assert client.delete(f"/v1/agents/{agent['agent']}").status_code == 204


def _open(page: Page, farm: Commander, machine: str) -> None:
    page.goto(f"{farm.url}/#/machines/{machine}")
    expect(page.get_by_test_id("machine")).to_be_visible()


def test_totals_say_what_they_rest_on(farm: Commander, owner: Page) -> None:
    first, second, third = (FakeAgent(farm, f"rig {number}") for number in (1, 2, 3))
    first.report(60)
    second.report(60, [{"algorithm": "kawpow", "hashrate": 30e6}], power_w=1200)
    third.report(60, [{"algorithm": "randomx", "hashrate": None}])
    randomx = owner.get_by_test_id("sum-randomx")
    expect(randomx).to_contain_text("12.0 kH/s")
    expect(randomx).to_contain_text("1 of 2 machines")
    expect(owner.get_by_test_id("sum-kawpow")).to_contain_text("30.0 MH/s")
    expect(owner.get_by_test_id("sum-kawpow")).to_contain_text("25.0 kH/W")
    expect(owner.get_by_test_id("sum-power")).to_contain_text("1.40 kW")
    expect(owner.get_by_test_id("sum-power")).to_contain_text("3 of 3 machines")
    expect(owner.get_by_test_id("total-online")).to_contain_text("3")


def test_park_and_put_back(farm: Commander, owner: Page) -> None:
    agent = FakeAgent(farm, "to the workshop")
    agent.report(60)
    _open(owner, farm, agent.machine)
    owner.get_by_test_id("park-machine").click()
    owner.get_by_test_id("reason-repair").check()
    owner.get_by_test_id("field-note").fill("a fan is <b>dead</b>")
    owner.get_by_test_id("confirm-park").click()
    state = owner.get_by_test_id("machine-state")
    expect(state).to_have_attribute("data-state", "parked")
    expect(owner.get_by_test_id("parked-note")).to_contain_text("Parked for repair since")
    expect(owner.get_by_test_id("parked-note")).to_contain_text("“a fan is <b>dead</b>”")
    expect(owner.get_by_test_id("leave-parked")).not_to_be_attached()

    owner.goto(farm.url)
    expect(owner.get_by_test_id("total-parked")).to_contain_text("1")
    expect(owner.get_by_test_id("total-online")).to_contain_text("0")
    expect(owner.get_by_test_id("sum-power")).to_contain_text("0 of 0 machines")
    owner.get_by_test_id("total-parked").click()
    owner.get_by_role("link", name="to the workshop").click()
    owner.get_by_test_id("put-back").click()
    expect(state).to_have_attribute("data-state", "online")
    expect(owner.get_by_test_id("parked-note")).not_to_be_attached()


def test_a_parked_machine_that_reports_again_asks(farm: Commander, owner: Page) -> None:
    """Only its date is made up: the list is told that it was parked ten minutes earlier than it was."""
    agent = FakeAgent(farm, "back again")
    agent.report(60)
    with farm.signed_in() as client:
        parking = {"parked": {"reason": "spare", "note": "kept"}}
        at = client.patch(f"/v1/machines/{agent.machine}", json=parking).json()["labels"]["parked"]["at"]
        owner.route("**/v1/machines?*", lambda route: _parked_earlier(route, at - 600, at))
        owner.reload()
        question = owner.get_by_test_id("returning")
        expect(question).to_contain_text("A parked machine reports again: back again.")
        question.get_by_test_id("leave-parked").click()
        expect(question).not_to_be_attached()
        parked = client.get(f"/v1/machines/{agent.machine}").json()["labels"]["parked"]
    assert (parked["reason"], parked["note"]) == ("spare", "kept")
    assert parked["at"] > at, "parked anew, at the present time"
    owner.unroute_all()


def _parked_earlier(route: Route, earlier: float, than: float) -> None:
    page = route.fetch().json()
    for labels in page["labels"]:
        if labels.get("parked", {}).get("at") == than:
            labels["parked"]["at"] = earlier
    route.fulfill(json=page)


def test_rename_and_label_are_seen_in_another_window_and_found(
    farm: Commander, browser: Browser, owner: Page
) -> None:
    agent, other_agent = FakeAgent(farm, "before"), FakeAgent(farm, "bystander")
    for one in (agent, other_agent):
        one.report(60)
    context = browser.new_context()
    other = Watched(context.new_page())
    other.sign_in(farm.url, farm.password)
    expect(other.page.get_by_text("before")).to_be_visible()

    _open(owner, farm, agent.machine)
    owner.get_by_test_id("edit-machine").click()
    fields = {"name": "after", "place": "hall 2", "tags": "#quiet, 6 cards", "client": "Anna"}
    for name, text in fields.items():
        owner.get_by_test_id(f"field-{name}").fill(text)
    owner.get_by_test_id("save-machine").click()
    expect(owner.get_by_role("heading", name="after")).to_be_visible()
    expect(owner.get_by_test_id("labels")).to_contain_text("Client: Anna")

    row = other.page.get_by_test_id("machine-row").filter(has_text="after")
    expect(row).to_contain_text("hall 2 · Anna · #quiet · #6 cards")
    for words in ("HALL 2", "quiet", "anna", "after"):
        other.page.get_by_test_id("find").fill(words)
        expect(other.page.get_by_test_id("machine-row")).to_have_count(1)
    assert other.complaints == []
    context.close()


def test_what_is_wrong_is_said_at_its_field(farm: Commander, watched: Watched, owner: Page) -> None:
    agent = FakeAgent(farm, "labelled")
    _open(owner, farm, agent.machine)
    owner.get_by_test_id("edit-machine").click()
    owner.get_by_test_id("field-place").fill("x" * 200)
    owner.get_by_test_id("save-machine").click()
    expect(owner.get_by_test_id("error-place")).to_contain_text("At most")
    expect(owner.get_by_test_id("field-place")).to_be_focused()
    owner.get_by_test_id("field-place").fill("here")
    owner.get_by_test_id("save-machine").click()
    expect(owner.get_by_test_id("labels")).to_have_text("here")
    _forget_refusals(watched)


def _forget_refusals(watched: Watched) -> None:
    """Chromium notes each 4xx on its console, also one that the page answers in words."""
    watched.complaints[:] = [said for said in watched.complaints if "status of 422" not in said]


def test_delete_and_undo(farm: Commander, owner: Page) -> None:
    agent = FakeAgent(farm, "gone too soon")
    agent.report(60)
    _open(owner, farm, agent.machine)
    owner.get_by_test_id("delete-machine").click()
    owner.get_by_test_id("confirm-delete").click()
    expect(owner.get_by_test_id("notice")).to_contain_text("gone too soon was deleted.")
    expect(owner.get_by_test_id("machine-row")).to_have_count(0)
    owner.get_by_test_id("notice-act").click()
    expect(owner.get_by_test_id("notice")).to_contain_text("gone too soon is back.")
    row = owner.get_by_test_id("machine-row")
    expect(row).to_have_attribute("data-state", "online")
    agent.report(60)


def test_the_bin_keeps_and_gives_back(farm: Commander, owner: Page) -> None:
    agent = FakeAgent(farm, "thrown away")
    owner.goto(f"{farm.url}/#/sentries")
    owner.get_by_role("button", name="Delete thrown away").click()
    owner.get_by_test_id("confirm-delete").click()
    binned = owner.locator(f'[data-testid="binned-row"][data-agent="{agent.agent}"]')
    expect(binned).to_contain_text("erased in 7 days")
    expect(owner.get_by_test_id("agent-row")).to_have_count(0)
    binned.get_by_test_id("restore").click()
    expect(owner.get_by_test_id("agent-row")).to_contain_text("thrown away")
    expect(binned).not_to_be_attached()


def test_a_copied_disk_is_named(farm: Commander, owner: Page) -> None:
    agent = FakeAgent(farm, "the original")
    assert agent.copied_to("rig-copy") == "another_machine"
    owner.goto(f"{farm.url}/#/sentries")
    warning = owner.get_by_test_id("stranger")
    expect(warning).to_contain_text(
        "the original: Another machine, \u2068rig-copy\u2069, showed this token at"
    )
    expect(owner.get_by_test_id("agent-row")).to_contain_text("its token was shown by another machine")


def test_a_new_token_ends_the_old_one_and_its_command_works(
    farm: Commander, owner: Page, tmp_path: Path
) -> None:
    owner.goto(f"{farm.url}/#/sentries")
    owner.get_by_test_id("add-sentry").click()
    owner.get_by_test_id("sentry-name").fill("twice")
    owner.get_by_test_id("create-sentry").click()
    first = owner.get_by_test_id("enrol-command").inner_text()
    assert _enrol(first, tmp_path) == 0
    owner.keyboard.press("Escape")
    owner.get_by_role("button", name="New token for twice").click()
    owner.get_by_test_id("confirm-token").click()
    second = owner.get_by_test_id("enrol-command").inner_text()
    assert _enrol(first, tmp_path) != 0, "the old token has ended"
    assert _enrol(second, tmp_path) == 0, "the command says itself that it replaces the old token"


def _enrol(command: str, data: Path) -> int:
    _, *arguments = shlex.split(command)
    done = subprocess.run([PROGRAM, *arguments, "--data", data], capture_output=True, timeout=60, check=False)
    return done.returncode


def test_a_changed_cadence_is_taken_up(farm: Commander, watched: Watched) -> None:
    # Not the list: what is on a screen is asked for 5 s, whatever the farm's cadence is.
    watched.sign_in(f"{farm.url}/#/farm", farm.password)
    page, agent = watched.page, FakeAgent(farm, "in step")
    assert agent.report(60)["report_interval_s"] == 60
    expect(page.get_by_test_id("meaning")).to_contain_text("An outage is noticed after 2 min 30 s.")

    page.get_by_test_id("cadence-economy").check()
    expect(page.get_by_test_id("meaning")).to_contain_text("An outage is noticed after 15 min.")
    expect(page.get_by_test_id("farm-answer")).to_have_text("Not saved yet.")
    page.get_by_test_id("save-farm").click()
    expect(page.get_by_test_id("farm-answer")).to_contain_text("Saved.")
    assert agent.report(60)["report_interval_s"] == 360

    page.get_by_test_id("cadence-own").check()
    page.get_by_test_id("field-report_interval_s").fill("5")
    page.get_by_test_id("save-farm").click()
    expect(page.get_by_test_id("error-report_interval_s")).to_contain_text("10 to 3600")
    page.get_by_test_id("field-report_interval_s").fill("20")
    page.get_by_test_id("field-late_after_s").fill("20")
    page.get_by_test_id("save-farm").click()
    expect(page.get_by_test_id("error-late_after_s")).to_contain_text("late is 24")
    page.get_by_test_id("field-late_after_s").fill("45")
    page.get_by_test_id("save-farm").click()
    expect(page.get_by_test_id("farm-answer")).to_contain_text("Saved.")
    assert agent.report(60)["report_interval_s"] == 20

    page.reload()
    expect(page.get_by_test_id("field-report_interval_s")).to_have_value("20")
    expect(page.get_by_test_id("field-late_after_s")).to_have_value("45")
    page.get_by_test_id("reset-farm").click()
    page.get_by_test_id("save-farm").click()
    expect(page.get_by_test_id("farm-answer")).to_contain_text("Saved.")
    assert agent.report(60)["report_interval_s"] == 60
    _forget_refusals(watched)


def test_who_is_looked_at_is_quickened(farm: Commander, owner: Page) -> None:
    agent = FakeAgent(farm, "looked at")
    agent.report(60)
    _open(owner, farm, agent.machine)
    expect(owner.get_by_test_id("cadence")).to_have_text("reports each minute")
    wait_for("a cadence of 5 s", lambda: agent.report(60)["report_interval_s"] == WATCHED_S)
    agent.report(WATCHED_S)
    expect(owner.get_by_test_id("cadence")).to_have_text("reports each 5 s")


def test_a_list_tells_what_is_on_the_screen_alone(farm: Commander, browser: Browser) -> None:
    """Of a hundred machines those that are seen, and others after scrolling."""
    with farm.signed_in() as client:
        for number in range(100):
            made = client.post("/v1/agents", json={"name": f"m{number:03d}", "kind": "cpu_gpu"})
            assert made.status_code == 201
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        watched = Watched(context.new_page())
        looks: list[list[str]] = []
        watched.page.on(
            "websocket",
            lambda socket: socket.on("framesent", lambda sent: _note_look(looks, sent)),
        )
        watched.sign_in(f"{farm.url}/#/machines", farm.password)
        _wait_heard(watched.page, "the first look", lambda: bool(looks))
        seen = {*looks[-1]}
        assert 5 <= len(seen) <= 20, "a screen of 900 px, rows of 52"
        watched.page.mouse.move(700, 700)
        watched.page.mouse.wheel(0, 2500)
        _wait_heard(watched.page, "another look", lambda: {*looks[-1]} != seen)
        assert not seen & {*looks[-1]}
        watched.page.goto(f"{farm.url}/#/sentries")
        rows = watched.page.get_by_test_id("agent-row")
        expect(rows.first).to_be_visible()
        assert 5 <= rows.count() <= 45, "the rest is not in the document"
        context.close()
        for agent in client.get("/v1/agents").json()["agents"]:
            client.delete(f"/v1/agents/{agent['agent']}")
    assert watched.complaints == []


def _wait_heard(page: Page, what: str, seen: Callable[[], bool]) -> None:
    """Sockets are heard only while Playwright is at work."""

    def look() -> bool:
        page.wait_for_timeout(100)
        return seen()

    wait_for(what, look)


def _note_look(looks: list[list[str]], sent: str | bytes) -> None:
    message = json.loads(sent)
    if message["type"] == "look":
        looks.append(message["machines"])
