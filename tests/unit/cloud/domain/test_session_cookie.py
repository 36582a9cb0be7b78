"""A cookie names its person, and anything else is no cookie of ours."""

from __future__ import annotations

import re

import pytest

from cloud.domain.session_cookie import new_cookie, person_of

SECRET = "s" * 43


@pytest.mark.parametrize("email", ["owner@localhost", "a@b", "é@ü.test", "a b;c=d\x00,@x", "🐄" * 320])
def test_person_of_a_new_cookie(email: str) -> None:
    cookie = new_cookie(SECRET, email)
    assert person_of(cookie) == email
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", cookie)


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        SECRET,
        SECRET + ".",
        SECRET + ".A",
        SECRET + "._w",  # not UTF-8
        SECRET + ".YUBi=",
        SECRET + "." + "A" * 1721,
        "short.YUBi",
        "é" * 43 + ".YUBi",
        new_cookie(SECRET, "a@b") + "\n",
    ],
)
def test_other_text_names_nobody(cookie: str) -> None:
    assert person_of(cookie) is None
