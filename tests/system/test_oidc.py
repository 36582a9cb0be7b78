"""Signing in by a real OpenID Connect provider on another site, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.system.browser import chromium
from tests.system.identity_provider import CLIENT, CLIENT_SECRET, identity_provider
from tests.system.processes import FAST, Commander, free_port


@pytest.fixture
def commander(tmp_path: Path) -> Iterator[Commander]:
    """With a provider at `localhost`, which for a browser is another site than `127.0.0.1`."""
    port = free_port()
    settings = {
        "RIG_OIDC_ISSUER": f"http://localhost:{port}",
        "RIG_OIDC_CLIENT_ID": CLIENT,
        "RIG_OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }
    started = Commander(tmp_path / "commander", "--no-sentry", env={**FAST, **settings})
    try:
        with identity_provider(port, f"{started.url}/v1/oidc/callback", tmp_path / "provider.log"):
            yield started
    finally:
        started.program.end()


def _sign_in(context: BrowserContext, url: str, name: str) -> Page:
    """Goes to the provider, signs in there as `name`, and comes back."""
    page = context.new_page()
    page.goto(f"{url}/v1/oidc/start")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("anything")
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"{url}/**")
    return page


def _session(page: Page) -> Any:
    return page.evaluate("async () => (await fetch('/v1/session')).json()")


@pytest.mark.browser
def test_who_is_known_comes_in_and_others_do_not(commander: Commander) -> None:
    with chromium() as browser:
        with browser.new_context() as context:
            page = _sign_in(context, commander.url, "stranger@example.org")
            assert page.url == f"{commander.url}/#/sign-in/no_account"
            assert _session(page)["error"]["code"] == "not_signed_in"
        with browser.new_context() as context:
            view = _session(_sign_in(context, commander.url, "owner@localhost"))
            assert (view["email"], view["farms"][0]["role"]) == ("owner@localhost", "owner")
            cookies = {cookie["name"]: cookie["sameSite"] for cookie in context.cookies(commander.url)}
            assert (cookies["__Host-session"], cookies["__Host-oidc"]) == ("Strict", "Lax")
            # Known by the subject from now on, and the provider asks for nothing again.
            page = context.new_page()
            page.goto(f"{commander.url}/v1/oidc/start")
            page.wait_for_url(f"{commander.url}/**")
            assert _session(page)["provider"] == view["provider"]
    assert CLIENT_SECRET not in commander.program.output()
