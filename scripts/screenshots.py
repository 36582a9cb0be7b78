"""Makes the pictures of the README: a real commander, this computer, simulated rigs, a real Chromium.

Simulated rigs run no mining programs: those are pictured on a made-up machine of tests/web/fake_commander.py,
which says itself that it is simulated.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402 - the path first
from playwright.sync_api import Browser  # noqa: E402 - the path first

from tests.system.browser import Watched, chromium  # noqa: E402
from tests.system.processes import Commander, free_port, wait_for  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DESKTOP, WIDE, PHONE = (1280, 800), (1440, 900), (390, 844)
RIGS, CHART_S = 12, 75
SIMULATED_ASICS = ("--asics", "200", "--asics-from", "127.31.0.1")
MADE_UP = "m00022"
PLACES = (
    ("sentries", "bin"),
    ("farm", "meaning"),
    ("people", "open-invitation"),
    ("api-tokens", "api-token"),
    ("audit", "audit-line"),
    ("account", "session"),
)
"""Screens, and what shows that one is drawn."""
PEOPLE: tuple[tuple[str, str, list[str] | None], ...] = (
    ("ben@example.org", "operator", None),
    ("anna@example.org", "viewer", ["Anna"]),
)
Scheme = Literal["light", "dark"]
LABELS: dict[str, dict[str, object]] = {
    "sim-001": {"place": "hall 1, rack 1", "tags": ["new"]},
    "sim-002": {"place": "hall 1, rack 1", "tags": ["loud"]},
    "sim-003": {"place": "hall 1, rack 2", "client": "Anna", "tags": ["quiet"]},
    "sim-004": {"place": "hall 1, rack 2", "client": "Anna"},
    "sim-006": {"place": "hall 2, rack 1"},
    "sim-012": {"place": "workshop", "parked": {"reason": "repair", "note": "the fan of card 3"}},
}


def main() -> None:
    """Takes some minutes, so that charts have something to show and some ASICs have fallen silent."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        _commander(Path(folder) / "asics", "--no-sentry", *SIMULATED_ASICS) as hall,
        _commander(Path(folder) / "commander", "--rigs", str(RIGS)) as commander,
        chromium() as browser,
    ):
        _picture_all(browser, commander)
        with _made_up() as url:
            _picture_programs(browser, url, DESKTOP, "light", "programs")
            _picture_programs(browser, url, PHONE, "dark", "programs-phone-dark")
        _asics(_open(browser, hall, WIDE, "light"), hall, "")
        _asics(_open(browser, hall, PHONE, "dark"), hall, "-phone-dark")


@contextmanager
def _commander(folder: Path, *arguments: str) -> Iterator[Commander]:
    commander = Commander(folder, *arguments, env={})
    try:
        yield commander
    finally:
        commander.program.end()


def _picture_all(browser: Browser, commander: Commander) -> None:
    desktop = _open(browser, commander, DESKTOP, "light")
    online = desktop.page.locator('[data-state="online"][data-machine]')
    wait_for("all rigs", lambda: online.count() > RIGS)
    _add_one_that_waits(desktop)
    _label(commander)
    _invite(commander)
    desktop.page.wait_for_timeout(CHART_S * 1000)
    _take(desktop, "machines")
    _machine(desktop, "sim-003", "machine")
    _part(desktop, "cards", "machine-cards")
    _places(desktop, commander, "")
    phone = _open(browser, commander, PHONE, "dark")
    phone.page.wait_for_timeout(3000)
    _take(phone, "machines-phone-dark")
    _machine(phone, "sim-003", "machine-phone-dark")
    _places(phone, commander, "-phone-dark")


def _label(commander: Commander) -> None:
    """What an owner says of some machines; one is parked, one is in the bin."""
    with commander.signed_in() as client:
        page = client.get("/v1/machines?limit=500").json()
        machines = dict(zip(page["name"], page["live"]["machine"], strict=True))
        for name, labels in LABELS.items():
            answer = client.patch(f"/v1/machines/{machines[name]}", json=labels)
            answer.raise_for_status()
        made = client.post("/v1/agents", json={"name": "old-rig-2", "kind": "cpu_gpu"}).json()
        client.delete(f"/v1/agents/{made['agent']['agent']}").raise_for_status()


def _invite(commander: Commander) -> None:
    """Two members more, an invitation that waits, and an API token."""
    with commander.signed_in() as client:
        for email, role, clients in PEOPLE:
            asked = {"email": email, "role": role, "clients": clients}
            link = client.post("/v1/invitations", json=asked).raise_for_status().json()["link"]
            joining = {"secret": link.rpartition("/")[2], "email": email, "password": "a picture's password"}
            joined = httpx.post(f"{commander.url}/v1/invitations/join", json=joining, trust_env=False)
            joined.raise_for_status()
        client.post("/v1/invitations", json={"role": "viewer"}).raise_for_status()
        wanted = {"name": "monthly figures", "role": "viewer", "days": 90}
        client.post("/v1/api-tokens", json=wanted).raise_for_status()


def _places(watched: Watched, commander: Commander, suffix: str) -> None:
    for place, sign in PLACES:
        watched.page.goto(f"{commander.url}/#/{place}")
        watched.page.get_by_test_id(sign).first.wait_for()
        watched.page.wait_for_timeout(500)
        _take(watched, place + suffix)


def _asics(watched: Watched, commander: Commander, suffix: str) -> None:
    """Their list, one with three boards, and the page of the edge that reads them."""
    page = watched.page
    page.goto(f"{commander.url}/#/asics")
    page.locator('[data-testid="asic-row"][data-state="offline"]').first.wait_for(timeout=180_000)
    page.wait_for_timeout(500)
    _take(watched, "asics" + suffix)
    page.get_by_test_id("find").fill("M50S")
    page.locator('[data-testid="asic-row"][data-state="online"]').get_by_role("link").first.click()
    page.get_by_test_id("board-row").first.wait_for()
    page.wait_for_timeout(2000)
    _take(watched, "asic" + suffix)
    with commander.signed_in() as client:
        agents = client.get("/v1/agents").json()["agents"]
    edge = next(each["agent"] for each in agents if each["kind"] == "asic")
    page.goto(f"{commander.url}/#/agents/{edge}")
    page.get_by_test_id("asked").wait_for()
    page.wait_for_timeout(1000)
    _take(watched, "edge" + suffix)


def _open(browser: Browser, commander: Commander, size: tuple[int, int], scheme: Scheme) -> Watched:
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    watched = Watched(context.new_page())
    watched.sign_in(commander.url, commander.password)
    return watched


def _add_one_that_waits(watched: Watched) -> None:
    page = watched.page
    page.get_by_test_id("add-sentry").first.click()
    page.get_by_test_id("sentry-name").fill("garage-07")
    page.get_by_test_id("create-sentry").click()
    page.get_by_test_id("enrol-command").wait_for()
    _take(watched, "add-sentry")
    page.keyboard.press("Escape")
    # No ring around the button that had the focus before, no shade under the pointer.
    page.locator("h1").focus()
    page.mouse.move(0, 0)


def _machine(watched: Watched, machine: str, name: str) -> None:
    page = watched.page
    page.get_by_role("link", name=machine).first.click()
    page.get_by_test_id("chart-cpu_load_pct").locator("canvas").wait_for()
    page.wait_for_timeout(3000)
    _take(watched, name)


def _part(watched: Watched, part: str, name: str) -> None:
    """What stands further down the page."""
    watched.page.get_by_test_id(part).evaluate("part => scrollTo(0, part.offsetTop - 130)")
    watched.page.wait_for_timeout(500)
    _take(watched, name)


@contextmanager
def _made_up() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, str(ROOT / "tests/web/fake_commander.py"), "--port", str(port)]
    with subprocess.Popen(command) as fake:  # noqa: S603 - our own program
        yield f"http://127.0.0.1:{port}"
        fake.terminate()


def _picture_programs(browser: Browser, url: str, size: tuple[int, int], scheme: Scheme, name: str) -> None:
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    watched = Watched(context.new_page())
    wait_for("the made-up commander", lambda: _answers(url))
    watched.sign_in(url, "password")
    watched.page.goto(f"{url}/#/machines/{MADE_UP}")
    programs = watched.page.get_by_test_id("programs")
    programs.wait_for()
    watched.page.get_by_text("known after the next report").first.wait_for(state="detached")
    # From the heading on, which says that the machine is simulated.
    bottom = programs.evaluate("part => part.getBoundingClientRect().bottom + scrollY")
    clip = {"x": 0, "y": 0, "width": size[0], "height": bottom + 20}
    watched.page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
    sys.stdout.write(f"docs/pictures/{name}.png\n")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.TransportError:
        return False


def _take(watched: Watched, name: str) -> None:
    watched.page.screenshot(path=PICTURES / f"{name}.png")
    sys.stdout.write(f"docs/pictures/{name}.png\n")


if __name__ == "__main__":
    main()
