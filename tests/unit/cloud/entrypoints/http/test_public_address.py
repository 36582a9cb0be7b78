"""Where the commander says that it is, when nobody told it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.app import create_app
from tests.fakes.caller import COOKIE, HOST, Caller
from tests.fakes.world import Farm, World

API = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
VIEWED = "d111111abcdef8.cloudfront.net"


@pytest.fixture
def owner(world: World, farm: Farm) -> Caller:
    """Behind CloudFront, with no address set."""
    app = create_app(replace(world.ports, public_url=""))
    return Caller(app, cookie=f"{COOKIE}={farm.cookie}", host=API)


def _new_agent(caller: Caller, **headers: str) -> tuple[str, str]:
    made = caller.post("/v1/agents", {"name": "rig", "kind": "cpu_gpu"}, **headers)
    assert made.status == 201, made.body
    return made.json["url"], made.json["command"]


def test_cloudfronts_word_is_the_address(owner: Caller) -> None:
    url, command = _new_agent(owner, x_forwarded_host=VIEWED)
    assert url == f"https://{VIEWED}"
    assert f"--url https://{VIEWED} --token " in command


def test_the_page_seen_through_cloudfront_may_change_things(owner: Caller) -> None:
    headers = {"x-forwarded-host": VIEWED, "origin": f"https://{VIEWED}"}
    assert owner.call("POST", "/v1/socket-tickets", headers=headers).status == 201


@pytest.mark.parametrize("origin", ["https://evil.test", f"https://{VIEWED}.evil.test", "null"])
def test_another_sites_page_still_may_not(owner: Caller, origin: str) -> None:
    headers = {"x-forwarded-host": VIEWED, "origin": origin}
    assert owner.call("POST", "/v1/socket-tickets", headers=headers).status == 403


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "evil.test$(reboot)",
        "evil.test; reboot",
        "a, b",
        "https://evil.test",
        "evil.test/path",
        "ü",
        "a\nb",
    ],
)
def test_a_name_that_is_none_is_passed_over(owner: Caller, forged: str) -> None:
    url, command = _new_agent(owner, x_forwarded_host=forged)
    assert url == f"https://{API}"
    assert "reboot" not in command


def test_without_any_name_there_is_no_address(owner: Caller) -> None:
    headers = {"host": None}
    answer = owner.call("POST", "/v1/agents", body={"name": "rig", "kind": "cpu_gpu"}, headers=headers)
    assert answer.json["url"] == ""


def test_an_address_that_was_set_counts_alone(world: World, farm: Farm) -> None:
    """As on one machine, and with a domain of one's own."""
    caller = Caller(create_app(world.ports), cookie=f"{COOKIE}={farm.cookie}")
    url, _ = _new_agent(caller, x_forwarded_host="evil.test")
    assert url == f"https://{HOST}"
    headers = {"x-forwarded-host": "evil.test", "origin": "https://evil.test"}
    assert caller.call("POST", "/v1/socket-tickets", headers=headers).status == 403


def test_one_request_tells_the_next_nothing(owner: Caller) -> None:
    _new_agent(owner, x_forwarded_host="evil.test")
    assert _new_agent(owner, x_forwarded_host=VIEWED)[0] == f"https://{VIEWED}"
