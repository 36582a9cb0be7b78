"""Hostile text on every screen and in its dialogs, in a real Chromium: shown as text, it does nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.fakes.mail import FakeMail
from tests.fakes.provider import FakeProvider
from tests.system.browser import Watched, chromium
from tests.system.hostile_edge import AGENT, MACHINE, SILENT
from tests.system.hostile_farm import INVITATION, LONG, MIDDLE, SHORT, HostileFarm, hostile
from tests.system.hostile_playbooks import PLAYBOOK, ROLLOUT
from tests.system.processes import wait_for
from tests.system.served import served

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WEB = Path(__file__).parents[2] / "web_static"
PHONE: ViewportSize = {"width": 375, "height": 800}
DESK: ViewportSize = {"width": 1440, "height": 900}
WAIT_S = 8
NOTE_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
MISSING = """(texts) => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const said = [...document.querySelectorAll("[title]")].map(({ title }) => title);
  const typed = [...document.querySelectorAll("input")].map(({ value }) => value);
  const seen = [document.body.textContent, ...said, ...typed].join("\\n\\n");
  return texts.filter((text) => !seen.includes(text));
}"""
HARM = """() => {
  const all = [...document.querySelectorAll("*")];
  const live = all.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith("on")));
  const links = [...document.querySelectorAll("[href], [src]")].map((one) => one.href ?? one.src);
  const odd = links.filter((link) => typeof link === "string" && new URL(link).origin !== location.origin);
  const foreign = odd.filter((link) => !link.startsWith("data:"));
  return { ran: window.ran ?? null, violations, live, foreign };
}"""
HARMLESS: dict[str, object] = {"ran": None, "violations": [], "live": [], "foreign": []}
TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = (one) => one.getBoundingClientRect().right > clientWidth + 1 && !one.closest("svg");
  const where = [...document.querySelectorAll("body *")].filter((one) => !one.children.length && wide(one));
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  const scrolls = scrollWidth > clientWidth || dialogs.some((one) => one.scrollWidth > one.clientWidth);
  const named = where.map((one) => `${one.tagName}.${one.className} in .${one.parentElement.className}`);
  return scrolls ? [[...new Set(named)].slice(0, 12).join(", ")] : [];
}"""
# A text that turns the direction round must not reach what stands behind it in the same line.
TURNED = """() => {
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.push(walker.currentNode);
  const isBlock = (one) => !/^(inline|contents)$/.test(getComputedStyle(one).display);
  const around = (text, ends) => {
    let one = text.parentElement;
    while (one !== document.body && !ends(one)) one = one.parentElement;
    return one;
  };
  const isolates = (one) => isBlock(one) || getComputedStyle(one).unicodeBidi !== "normal";
  const lineOf = (text) => around(text, isolates);
  const behind = ({ data }, line, place) => {
    const bare = data.replace(/\\u2068[^\\u2069]*\\u2069/g, "");
    if (!bare.includes("\\u202e")) return "";
    const rest = data.includes("WWWW") ? bare.split("W").at(-1).trim() : "";
    const next = texts[place + 1];
    const same = next && line.contains(next) && around(next, isBlock) === around(texts[place], isBlock);
    return rest || (same ? next.data.trim() : "");
  };
  return texts.flatMap((text, place) => {
    if (!text.data.includes("\\u202e")) return [];
    const line = lineOf(text);
    const turned = behind(text, line, place);
    const { tagName, className } = line;
    return turned ? [`${tagName}.${className}: ${text.data.slice(0, 30)} … ${turned.slice(0, 30)}`] : [];
  });
}"""


class Visit(NamedTuple):
    """Where a screen is, and which hostile texts it shows: whole ones, and those with a limit."""

    address: str
    long: str = ""
    middle: str = ""
    short: str = ""

    @property
    def texts(self) -> list[str]:
        """Every text in full."""
        sized = ((self.long, LONG), (self.middle, MIDDLE), (self.short, SHORT))
        return [hostile(what.strip(), most) for whats, most in sized for what in whats.split(",") if whats]


LIST = "farm, machine name, place, tag, client, parked name, second algorithm"
SEEN = "farm, machine name, place, tag, client, coin, second algorithm, miner, state, why, version, pool"
TOLD = "event kind, event reason, event program, event subject"
SPECS = (
    "host name, os, architecture, cpu, host address, hardware, sentry version, "
    "card, slot, uuid, vbios, driver, unread reason, fan reason"
)
ASIC = (
    "asic host, asic address, make, model, firmware, firmware version, serial, "
    "pool address, pool user, notice"
)
EDGE = f"#/agents/{AGENT}"
# By the module of web_static/screens that draws it.
IN_FARM: dict[str, list[Visit]] = {
    "machines": [Visit("#/machines", LIST, short="algorithm")],
    "machine": [
        Visit(
            "#/machines/machine-machine",
            f"{SEEN}, refusal, 0.1, {TOLD}",
            SPECS,
            "algorithm, device, program, watched miner",
        ),
        Visit("#/machines/machine-machine?span=24h", "machine name"),
        Visit("#/machines/machine-parked", "parked name, note"),
        Visit(f"#/machines/{MACHINE}", "", f"edge name, asic name, {ASIC}"),
        Visit(f"#/machines/{SILENT}", "", "silent asic, silent model, silence"),
    ],
    "asics": [Visit("#/asics", "", "asic name, asic model, asic pool, silent asic, silent model, silence")],
    "edge": [
        Visit(EDGE, "", "edge name, network, slow, silent, its silence, asked model, question, because"),
        Visit(EDGE, "", "answer, trouble, add_found result, import_rows result"),
        Visit(f"{EDGE}?part=search", "", "search, found make, found model, found name, new make, new model"),
        Visit(f"{EDGE}?part=search", "", "not identified, range, add_found result, add_found line"),
        Visit(f"{EDGE}?part=spreadsheet", "", "import_rows result, import_rows line"),
        Visit(f"{EDGE}?part=remove", "", "asic name, silent asic"),
    ],
    "playbooks": [
        Visit("#/playbooks", short="playbook name, program, program version"),
        Visit("#/playbooks/templates", short="pool name, pool host, wallet name, wallet address"),
        Visit("#/playbooks/software"),
        Visit("#/playbooks/new"),
        Visit(f"#/playbooks/{PLAYBOOK}", short="playbook name, script, maker, because of, playbook note"),
        Visit(f"#/playbooks/{PLAYBOOK}?show=edit"),
    ],
    "rollouts": [
        Visit("#/rollouts", short="what, roller"),
        Visit(f"#/rollouts/{ROLLOUT}", short="what, roller, why it stopped"),
        Visit("#/rollouts?show=astray"),
    ],
    "assign": [Visit(f"#/assign/{PLAYBOOK}", "machine name", short="playbook name")],
    "farm_events": [Visit("#/events", f"machine name, {TOLD}")],
    "sentries": [Visit("#/sentries", "machine name, parked name, binned", "agent version, stranger")],
    "farm": [Visit("#/farm", "farm")],
    "people": [Visit("#/people", "member, member client, inviter, invited, invited client")],
    "api_tokens": [Visit("#/api-tokens", "api token, member, token client")],
    "audit": [Visit("#/audit", "", "actor, actor address, thing name, field, before, after")],
    "account": [
        Visit("#/account", "farm, other farm, seat client, session address, session browser, provider")
    ],
    "all_farms": [Visit("#/farms", "farm, other farm, seat client, second algorithm", short="algorithm")],
    "nowhere": [Visit("#/%3Cimg%20src=x%20onerror=window.ran=1%3E")],
}
OUTSIDE_FARM: dict[str, list[Visit]] = {
    "farm_choice": [Visit("#/people", "farm, other farm, seat client")],
    "invitation": [Visit(f"#/invitation/{INVITATION}", "farm, inviter, invited client, invited")],
}
OF_VIEWER: dict[str, list[Visit]] = {
    "nowhere": [Visit("#/sentries", "other farm, seat client")],
    "farm": [Visit("#/farm", "other farm")],
}
BEFORE_SIGN_IN: dict[str, list[Visit]] = {
    "sign_in": [Visit("#/sign-in/%3Cscript%3Ewindow.ran=1", "provider")],
    "forgotten": [Visit("#/forgotten")],
    "reset": [Visit("#/reset/%22%3E%3Cimg%20src=x%20onerror=window.ran=1%3E")],
    "invitation": [Visit(f"#/invitation/{INVITATION}", "farm, inviter, invited client, invited, provider")],
}


def id_of(test_id: str) -> str:
    """What selects the element with that test id."""
    return f"[data-testid={test_id}]"


class Dialog(NamedTuple):
    """On which screen, what is pressed to open it, and which hostile texts it shows or covers."""

    address: str
    presses: tuple[str, ...]
    texts: str = ""


RIG = "#/machines/machine-machine"
MEMBER = '[data-email^="[member]"]'
# By the module of web_static/screens that opens it.
DIALOGS: dict[str, list[Dialog]] = {
    "account": [Dialog("#/account", (id_of("leave-farm"),), "farm")],
    "add_sentry": [Dialog("#/sentries", (id_of("add-sentry"),))],
    "api_tokens": [Dialog("#/api-tokens", (id_of("new-api-token"), id_of("sees-some")), "client")],
    "audit_export": [Dialog("#/audit", (id_of("export"), id_of("start-export")))],
    "deletion": [
        Dialog("#/sentries", (f"[data-agent=agent-machine] {id_of('delete-agent')}",), "machine name")
    ],
    "edge_adding": [Dialog(f"{EDGE}?part=search", (id_of("tick-all"), id_of("add-found")))],
    "edit_machine": [Dialog(RIG, (id_of("edit-machine"),))],
    "farm_choice": [Dialog("#/farm", (id_of("rename-farm"),)), Dialog("#/farms", (id_of("new-farm"),))],
    "invite": [Dialog("#/people", (id_of("invite"), id_of("sees-some")), "farm, client")],
    "new_token": [
        Dialog("#/sentries", (f"[data-agent=agent-machine] {id_of('new-token')}",), "machine name")
    ],
    "parking": [Dialog(RIG, (id_of("park-machine"),), "machine name")],
    "people": [Dialog("#/people", (f"{MEMBER} {id_of('change-member')}",), "member, member client")],
    "playbook_versions": [Dialog(f"#/playbooks/{PLAYBOOK}", (id_of("go-back"),))],
    "software": [Dialog("#/playbooks/software", (id_of("new-software"),))],
    "template_form": [
        Dialog("#/playbooks/templates", (id_of("new-pool"),)),
        Dialog("#/playbooks/templates", (f"{id_of('wallets')} {id_of('edit-template')}",)),
    ],
    "program_dialogs": [
        Dialog(RIG, (id_of("program-start"),), "refusal"),
        Dialog(RIG, (id_of("program-pause"),)),
    ],
    "question": [
        Dialog("#/people", (f"{MEMBER} {id_of('remove-member')}",), "member"),
        Dialog("#/people", (id_of("withdraw"),), "invited"),
        Dialog("#/api-tokens", (id_of("revoke"),), "api token"),
    ],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileFarm]:
    provider = FakeProvider()
    provider.name = hostile("provider")
    with served(tmp_path_factory.mktemp("hostile"), WEB, provider=provider, mail=FakeMail()) as commander:
        yield HostileFarm(commander.ports)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=PHONE)
    made.add_init_script(NOTE_VIOLATIONS)
    yield made
    made.close()


@pytest.fixture
def stranger(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test if anything in it runs or complains."""
    watched = Watched(context.new_page())
    watched.page.on("dialog", lambda dialog: watched.complaints.append(dialog.message))
    yield watched.page
    assert watched.complaints == []


@pytest.fixture
def owner(farm: HostileFarm, stranger: Page) -> Page:
    sign_in(stranger, farm.cookie)
    return stranger


def sign_in(page: Page, cookie: str) -> None:
    """As the session's cookie says: an address like this one's cannot be typed into the form."""
    page.context.add_cookies(
        [{"name": "__Host-session", "value": cookie, "domain": "127.0.0.1", "path": "/", "secure": True}]
    )


def faults(page: Page, texts: Sequence[str]) -> list[str]:
    """What is wrong with what the page shows: texts that are not there word for word, harm done, width."""
    missing = list(texts)

    def all_there() -> bool:
        scroll(page)
        missing[:] = page.evaluate(MISSING, missing)
        return not missing

    with suppress(AssertionError):
        wait_for("every text", all_there, WAIT_S)
    found = [f"not shown: {text[:40]}" for text in missing]
    found += [f"harm: {page.evaluate(HARM)}"] if page.evaluate(HARM) != HARMLESS else []
    found += [f"turned round: {text}" for text in page.evaluate(TURNED)]
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.wait_for_timeout(50)
        found += [f"too wide at {size['width']} px: {what}" for what in page.evaluate(TOO_WIDE)]
    return [f"{page.url.partition('#')[2]} {one}" for one in found]


def scroll(page: Page) -> None:
    """To the other end: of a long list only what is near the screen is in the document."""
    page.evaluate("scrollTo(0, scrollY ? 0 : document.body.scrollHeight)")
    page.wait_for_timeout(50)


def press(page: Page, selector: str) -> None:
    """Wherever on the page it is."""

    def there() -> bool:
        scroll(page)
        return page.locator(selector).count() > 0

    wait_for(selector, there)
    page.locator(selector).first.click()


def visit(page: Page, base: str, visits: dict[str, list[Visit]]) -> list[str]:
    """The faults of all these screens."""
    found: list[str] = []
    for one in (one for each in visits.values() for one in each):
        page.goto(base + one.address)
        expect(page.locator("h1").first).to_be_visible()
        found += faults(page, one.texts)
    return found


def test_every_screen_has_a_visit() -> None:
    named = re.findall(r'from "./screens/(\w+)\.js"', (WEB / "routes.js").read_text())
    assert {*IN_FARM, *OUTSIDE_FARM, *BEFORE_SIGN_IN} == {*named}


def test_screens_of_a_farm(farm: HostileFarm, owner: Page) -> None:
    found = visit(owner, f"{farm.ports.public_url}/?farm={farm.farm}", IN_FARM)
    assert not found, "\n".join(found)


def test_screens_outside_of_a_farm(farm: HostileFarm, owner: Page) -> None:
    found = visit(owner, f"{farm.ports.public_url}/", OUTSIDE_FARM)
    assert not found, "\n".join(found)


def test_screens_of_a_viewer(farm: HostileFarm, stranger: Page) -> None:
    sign_in(stranger, farm.viewer_cookie)
    found = visit(stranger, f"{farm.ports.public_url}/", OF_VIEWER)
    assert not found, "\n".join(found)


def test_screens_before_signing_in(farm: HostileFarm, stranger: Page) -> None:
    found = visit(stranger, f"{farm.ports.public_url}/", BEFORE_SIGN_IN)
    stranger.goto(f"{farm.ports.public_url}/#/forgotten")
    typed = "{{7*7}}'/*`${7*7}@evil.example"
    stranger.get_by_test_id("email").fill(typed)
    stranger.get_by_test_id("ask-letter").click()
    expect(stranger.get_by_test_id("letter-sent")).to_contain_text(typed)
    found += faults(stranger, [typed])
    assert not found, "\n".join(found)


def test_every_dialog_is_opened() -> None:
    screens = {path.stem: path.read_text() for path in (WEB / "screens").glob("*.js")}
    opening = {name for name, source in screens.items() if "openDialog(" in source}
    assert {*DIALOGS} == opening - {"dialogs"}


def test_dialogs(farm: HostileFarm, owner: Page) -> None:
    found: list[str] = []
    for address, presses, whats in (one for each in DIALOGS.values() for one in each):
        owner.goto(f"{farm.ports.public_url}/?farm={farm.farm}{address}")
        for selector in presses:
            press(owner, selector)
        dialog = owner.get_by_role("dialog")
        expect(dialog).to_be_visible()
        for what in whats.split(", ") if whats else ():
            expect(dialog.get_by_text(f"[{what}] <img", exact=False).first).to_be_visible()
        found += faults(owner, [])
        owner.keyboard.press("Escape")
        expect(dialog).not_to_be_attached()
    assert not found, "\n".join(found)


def test_lines_of_a_log(farm: HostileFarm, owner: Page) -> None:
    owner.goto(f"{farm.ports.public_url}/?farm={farm.farm}{RIG}")
    owner.get_by_test_id("show-log").click()

    def answered() -> bool:
        owner.wait_for_timeout(100)
        return farm.answer_log()

    wait_for("the order for the lines", answered)
    expect(owner.get_by_test_id("log-lines")).to_be_visible(timeout=20_000)
    found = faults(owner, [hostile("log line"), "\0\x1b[31mred"])
    assert not found, "\n".join(found)


def test_the_figure_under_the_pointer(farm: HostileFarm, owner: Page) -> None:
    owner.goto(f"{farm.ports.public_url}/?farm={farm.farm}{RIG}")
    chart = owner.get_by_test_id("chart-gpu_temperature_c")
    chart.locator(".u-over").hover()
    expect(chart.locator("output")).to_contain_text("<img src=x onerror=")
    found = faults(owner, [])
    assert not found, "\n".join(found)
