"""The session's cookie, in the company of any other."""

from __future__ import annotations

import pytest

from cloud.entrypoints.http import cookie


def test_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    expected = "__Host-session=abc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Strict"
    assert cookie.write("abc", 60) == expected


def test_signing_out_removes_it() -> None:
    expected = "__Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"
    assert cookie.write("", 0) == expected


@pytest.mark.parametrize(
    "header", ["__Host-session=abc", "a=b; __Host-session=abc", "__Host-session=abc; a=b"]
)
def test_cookie_is_found_among_others(header: str) -> None:
    assert cookie.read(header) == "abc"


@pytest.mark.parametrize("header", [None, "", ";;;", "a=b", "session=abc", "__host-session=abc", "=abc"])
def test_no_session(header: str | None) -> None:
    assert cookie.read(header) is None


@pytest.mark.parametrize("other", ['prefs={"a": 1}', "a b=c", "flag", "x=é", "=nameless"])
def test_odd_cookie_of_another_program_on_this_host_signs_nobody_out(other: str) -> None:
    """Programs on other ports of 127.0.0.1 share its cookies."""
    assert cookie.read(f"{other}; __Host-session=abc") == "abc"
