"""People of a farm in a real Chromium: invited, changed, removed; two farms, codes, sessions and tokens."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.system.browser import Watched, chromium
from tests.system.fake_agent import FakeAgent
from tests.system.processes import VisitedCommander, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SLOW = {"RIG_REPORT_INTERVAL_S": "60", "RIG_SAMPLE_INTERVAL_S": "10"}
PASSWORD = "seven grey geese"
# Chromium notes on its console what the page answers in words: who was removed is refused.
REFUSALS = ("status of 401", "status of 403", "status of 404")


class Farms(VisitedCommander):
    """A commander whose owner acts in one farm at a time."""

    farm = ""

    def signed_in(self) -> httpx.Client:
        client = super().signed_in()
        client.headers.update({"Rig-Farm": self.farm} if self.farm else {})
        return client


class Member(NamedTuple):
    """Somebody with an account, and the cookie by which they are signed in."""

    email: str
    cookie: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def farms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farms]:
    """A commander at a cadence of a minute, without a sentry of its own."""
    commander = Farms(tmp_path_factory.mktemp("people") / "commander", "--no-sentry", env=SLOW)
    with commander.signed_in() as client:
        commander.farm = client.get("/v1/session").json()["farms"][0]["farm"]
    yield commander
    commander.program.end()


@pytest.fixture
def pages(browser: Browser) -> Iterator[list[Watched]]:
    """Windows of browsers of their own, which must not complain."""
    opened: list[Watched] = []
    yield opened
    for watched in opened:
        watched.page.context.close()
        assert [said for said in watched.complaints if not any(one in said for one in REFUSALS)] == []


def new_page(browser: Browser, pages: list[Watched], cookie: str = "") -> Page:
    """In a browser of its own, signed in where a session's cookie is given."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    if cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies(
            [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "secure": True}]
        )
    pages.append(Watched(context.new_page()))
    return pages[-1].page


@pytest.fixture
def owner(farms: Farms, browser: Browser, pages: list[Watched]) -> Page:
    with farms.signed_in() as client:
        return new_page(browser, pages, client.headers["Cookie"])


def go(page: Page, farms: Farms, address: str) -> None:
    page.goto(f"{farms.url}/?farm={farms.farm}{address}")


def rig(farms: Farms, name: str, client: str | None = None) -> FakeAgent:
    """A machine that has reported, of a client where one is named."""
    agent = FakeAgent(farms, name)
    agent.report(60)
    with farms.signed_in() as owner:
        owner.patch(f"/v1/machines/{agent.machine}", json={"client": client}).raise_for_status()
    return agent


def join(farms: Farms, email: str) -> Member:
    """A viewer of the whole farm."""
    with farms.signed_in() as owner:
        made = owner.post("/v1/invitations", json={"role": "viewer"}).raise_for_status().json()
    joining = {"secret": made["link"].rpartition("/")[2], "email": email, "password": PASSWORD}
    answer = httpx.post(f"{farms.url}/v1/invitations/join", json=joining, trust_env=False, timeout=30)
    assert answer.status_code == 201, answer.text
    return Member(email, answer.headers["set-cookie"].partition(";")[0])


def link_for_client(owner: Page, client: str) -> str:
    """The link of an invitation that the owner makes, for a viewer of that client's machines alone."""
    owner.get_by_test_id("invite").click()
    owner.get_by_test_id("sees-some").check()
    owner.get_by_test_id("clients").get_by_label(client).check()
    owner.get_by_test_id("make-invitation").click()
    link = owner.get_by_test_id("invitation-link").inner_text()
    owner.get_by_role("button", name="Done").click()
    expect(owner.get_by_test_id("open-invitation")).to_contain_text("Whoever uses its link first")
    return link


def make_account(page: Page, email: str) -> None:
    page.get_by_test_id("join").get_by_test_id("email").fill(email)
    for name in ("new", "again"):
        page.locator(f"#field-{name}").fill(PASSWORD)
    page.get_by_test_id("make-account").click()


def member(owner: Page, email: str) -> Locator:
    return owner.locator(f'[data-testid="member"][data-email="{email}"]')


def test_from_an_invitation_by_link_to_being_removed(
    farms: Farms, browser: Browser, pages: list[Watched], owner: Page, tmp_path: Path
) -> None:
    guest, email = new_page(browser, pages), "anna@example.org"
    hers, other = rig(farms, "hers", "Anna"), rig(farms, "of another", "Ben")
    go(owner, farms, "#/people")
    guest.goto(link_for_client(owner, "Anna"))
    expect(guest).to_have_url(f"{farms.url}/#/invitation")
    expect(guest.get_by_test_id("invitation-screen")).to_contain_text("of Anna alone")
    make_account(guest, email)

    expect(guest.get_by_test_id("notice")).to_contain_text("Welcome to")
    _see_only(guest, "hers")
    guest.goto(f"{farms.url}/#/machines/{other.machine}")
    expect(guest.get_by_test_id("machine-gone")).to_be_visible()
    guest.goto(f"{farms.url}/#/audit")
    expect(guest.get_by_test_id("refused")).to_contain_text("owners of the farm")
    guest.goto(f"{farms.url}/#/machines/{hers.machine}")
    expect(guest.get_by_test_id("machine")).to_be_visible()
    expect(guest.get_by_test_id("edit-machine")).not_to_be_attached()

    _change_to_operator(owner, email)
    expect(guest.get_by_test_id("notice")).to_contain_text("you are now operator", timeout=15_000)
    expect(guest.get_by_test_id("edit-machine")).to_be_visible()
    expect(guest.get_by_test_id("delete-machine")).not_to_be_attached()

    member(owner, email).get_by_test_id("remove-member").click()
    owner.get_by_test_id("confirm").click()
    expect(guest.get_by_test_id("notice")).to_contain_text("You do not belong to", timeout=15_000)
    expect(guest.get_by_test_id("farm-choice")).to_contain_text("You belong to no farm")
    _audit_tells(owner, email, tmp_path)


def _see_only(guest: Page, name: str) -> None:
    rows = guest.get_by_test_id("machine-row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(name)
    expect(guest.get_by_test_id("sum-power")).to_contain_text("1 of 1 machines")
    expect(guest.get_by_test_id("add-sentry")).not_to_be_attached()
    main = guest.get_by_role("navigation", name="Main")
    expect(main.get_by_role("link")).to_have_text(["Machines", "Events", "Farm"])
    main.get_by_role("link", name="Farm").click()
    tabs = guest.get_by_role("navigation", name="Farm").get_by_role("link")
    expect(tabs).to_have_text(["Settings", "API tokens"])


def _change_to_operator(owner: Page, email: str) -> None:
    owner.reload()
    expect(owner.get_by_test_id("open-invitation")).not_to_be_attached()
    member(owner, email).get_by_test_id("change-member").click()
    owner.get_by_test_id("role-operator").check()
    owner.get_by_test_id("save-member").click()
    expect(member(owner, email)).to_contain_text("operator, for the machines of")


def _audit_tells(owner: Page, email: str, folder: Path) -> None:
    expect(owner.get_by_test_id("notice")).to_contain_text(f"{email} was removed")
    owner.get_by_role("link", name="Audit").click()
    lines = owner.get_by_test_id("audit-line")
    expect(lines.nth(0)).to_contain_text(f"owner@localhost removed {email}")
    expect(lines.nth(1)).to_contain_text(f"changed the role of {email}")
    expect(lines.nth(1)).to_contain_text("viewer")
    expect(lines.nth(2)).to_contain_text(f"{email} accepted an invitation")
    expect(lines.nth(3)).to_contain_text("owner@localhost invited whoever has the link")
    owner.get_by_test_id("export").click()
    with owner.expect_download() as download:
        owner.get_by_test_id("start-export").click()
    file = folder / "audit.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    done = [row["action"] for row in rows]
    assert done[-4:] == ["invite_person", "accept_invitation", "change_member", "remove_member"]


def _turn_on(page: Page) -> pyotp.TOTP:
    page.get_by_test_id("offer-factor").click()
    factor = page.get_by_test_id("second-factor")
    factor.get_by_test_id("password").fill("another one")
    page.get_by_test_id("confirm-password").click()
    expect(factor.get_by_test_id("error-password")).to_contain_text("not your password")
    factor.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("confirm-password").click()
    totp = pyotp.TOTP(page.get_by_test_id("factor-secret").inner_text().replace(" ", ""))
    page.get_by_test_id("code").fill(totp.now())
    page.get_by_test_id("prove-factor").click()
    return totp


def test_a_second_factor_and_another_session_that_ends(
    farms: Farms, browser: Browser, pages: list[Watched]
) -> None:
    ben = join(farms, "ben@example.org")
    first, second = new_page(browser, pages, ben.cookie), new_page(browser, pages)
    first.goto(f"{farms.url}/#/account")
    totp = _turn_on(first)
    codes = first.get_by_test_id("recovery-codes")
    expect(codes).to_be_visible()
    _do_to(farms, ben.email, "PATCH", json={"role": "operator"})
    expect(first.get_by_test_id("notice")).to_contain_text("you are now operator", timeout=15_000)
    expect(codes).to_be_visible()
    first.get_by_role("link", name="Machines", exact=True).click()
    first.get_by_role("link", name=ben.email).click()
    expect(codes).to_be_visible()
    first.get_by_test_id("codes-kept").click()
    expect(first.get_by_test_id("end-factor")).to_be_visible()

    second.goto(f"{farms.url}/#/account")
    second.get_by_test_id("email").fill(ben.email)
    second.get_by_test_id("password").fill(PASSWORD)
    second.get_by_role("button", name="Sign in").click()
    # The code of this half minute is used up; a clock may be one step ahead.
    second.get_by_test_id("code").fill(totp.at(time.time() + totp.interval))
    second.get_by_role("button", name="Sign in").click()
    sessions = second.get_by_test_id("session")
    expect(sessions).to_have_count(2)
    second.get_by_test_id("end-session").click()
    expect(sessions).to_have_count(1)
    expect(first.get_by_test_id("why")).to_contain_text("You were signed out.", timeout=15_000)
    expect(second.get_by_test_id("account")).to_be_visible()


def _do_to(farms: Farms, email: str, method: str, **request: Any) -> None:
    """Another owner changes or removes a member."""
    with farms.signed_in() as client:
        members = client.get("/v1/members").raise_for_status().json()["members"]
        found = next(each["member"] for each in members if each["email"] == email)
        client.request(method, f"/v1/members/{found}", **request).raise_for_status()


def test_what_was_removed_elsewhere_goes_and_an_outage_ends(farms: Farms, owner: Page) -> None:
    join(farms, "carl@example.org")
    owner.route("**/v1/members", lambda route: route.fulfill(status=404, json={}))
    go(owner, farms, "#/people")
    again = owner.get_by_test_id("try-again")
    expect(again).to_be_visible()
    owner.unroute("**/v1/members")
    again.click()
    carl = member(owner, "carl@example.org")
    carl.get_by_test_id("remove-member").click()
    _do_to(farms, "carl@example.org", "DELETE")
    owner.get_by_test_id("confirm").click()
    expect(owner.get_by_test_id("notice")).to_contain_text("was removed already")
    expect(carl).not_to_be_attached()
    expect(owner.get_by_role("dialog")).not_to_be_attached()


def test_an_api_token_works_until_it_is_revoked(farms: Farms, owner: Page) -> None:
    go(owner, farms, "#/api-tokens")
    owner.get_by_test_id("new-api-token").click()
    owner.get_by_test_id("field-name").fill("a script")
    held: list[Route] = []
    owner.route("**/v1/api-tokens", lambda route: held.append(route))  # noqa: PLW0108 - a method takes no attribute
    with owner.expect_request("**/v1/api-tokens"):
        owner.get_by_test_id("make-api-token").click()
    # What is being made will be shown once: nothing closes its dialog meanwhile, nor a step back after it.
    for _ in range(3):
        owner.keyboard.press("Escape")
    held[0].continue_()
    expect(owner.get_by_role("heading", name="The token a script")).to_be_focused()
    owner.evaluate("location.hash = '#/machines'")
    expect(owner.locator("h1")).to_have_text("Machines")
    owner.unroute("**/v1/api-tokens")
    bearer = {"Authorization": f"Bearer {owner.get_by_test_id('api-secret').inner_text()}"}
    owner.get_by_role("button", name="Done").click()
    go(owner, farms, "#/api-tokens")

    def read() -> httpx.Response:
        return httpx.get(f"{farms.url}/v1/machines", headers=bearer, trust_env=False, timeout=30)

    assert read().status_code == 200
    token = owner.get_by_test_id("api-token")
    expect(token).to_contain_text("a script")
    token.get_by_test_id("revoke").click()
    owner.get_by_test_id("confirm").click()
    expect(token).not_to_be_attached()
    assert (read().status_code, read().json()["error"]["code"]) == (401, "token_wrong")


def test_two_farms_are_switched_and_added_up(farms: Farms, owner: Page) -> None:
    north, first = farms.farm, FakeAgent(farms, "up north")
    first.report(60, [{"algorithm": "kawpow", "hashrate": 12e6}], power_w=700)
    go(owner, farms, "#/account")
    owner.get_by_test_id("new-farm").click()
    owner.get_by_test_id("field-name").fill("South")
    owner.get_by_test_id("save-farm-name").click()
    switch = owner.get_by_test_id("farm-switch")
    expect(switch).to_have_text("South")
    expect(owner.get_by_test_id("empty")).to_be_visible()
    farms.farm = wait_for(
        "the farm in the address", lambda: owner.url.partition("farm=")[2].partition("#")[0]
    )
    second = FakeAgent(farms, "down south")
    second.report(60, [{"algorithm": "kawpow", "hashrate": 30e6}], power_w=500)
    _see_alone(owner, "down south")

    switch.click()
    owner.get_by_role("link", name="All farms").click()
    overall = owner.get_by_test_id("overall")
    expect(overall.get_by_test_id("sum-kawpow")).to_contain_text("42.0 MH/s")
    expect(overall.get_by_test_id("sum-kawpow")).to_contain_text("2 of 2 machines")
    _adds_up(owner, overall)

    # A link to a machine opens in its own farm, whichever was shown before.
    owner.goto(f"{farms.url}/?farm={north}#/machines/{first.machine}")
    expect(owner.get_by_role("heading", name="up north")).to_be_visible()
    expect(switch).not_to_have_text("South")
    switch.click()
    owner.get_by_role("link", name="South").click()
    _see_alone(owner, "down south")
    farms.farm = north


def _see_alone(owner: Page, name: str) -> None:
    rows = owner.get_by_test_id("machine-row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(name)


def _adds_up(owner: Page, overall: Locator) -> None:
    """Machines online and watts of all farms are those of the farms together, as the page shows them."""
    cards = owner.get_by_test_id("farm-card")
    expect(cards).to_have_count(2)
    online = [int(card.locator('[data-state="online"] b').inner_text()) for card in cards.all()]
    assert min(online) >= 1
    expect(overall.locator('.state-counts [data-state="online"] b')).to_have_text(str(sum(online)))
    watts = [
        _watts(card.get_by_role("listitem").filter(has_text="Power").locator("b").first)
        for card in cards.all()
    ]
    assert _watts(overall.get_by_test_id("sum-power").locator("b").first) == sum(watts)


def _watts(figure: Locator) -> float:
    """Its title has the figure without rounding, such as "1,200 W"."""
    text = figure.get_attribute("title")
    assert text is not None
    return float(text.removesuffix(" W").replace(",", ""))
