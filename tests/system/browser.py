"""A real Chromium with a fresh profile, and what a page in it asked for and complained about."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str:
    """Where Chromium is. Without one the test is skipped, in CI it fails."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is not None:
        return found
    message = "no Chromium on this machine: install Debian's package `chromium`"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, every HTTP request it made, and every complaint (console errors, exceptions)."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(60_000)
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self._complain(message.type, message.text))

    def sign_in(self, url: str, password: str) -> None:
        self.page.goto(url)
        self.page.get_by_test_id("email").fill("owner@localhost")
        self.page.get_by_test_id("password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_test_id("connection").and_(self.page.locator('[data-state="live"]')).wait_for()

    def _note(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(f"{request.method} {request.url}")

    def _complain(self, kind: str, text: str) -> None:
        # The browser itself reports the 401 of the first look for a session.
        if kind in ("error", "warning") and "401 (Unauthorized)" not in text:
            self.complaints.append(text)
