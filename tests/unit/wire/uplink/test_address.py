"""Addresses as people paste them are tidied, or refused with a sentence that says what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.uplink.address import commander_url
from wire.uplink.failure import FailureKind, UplinkFailure


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://rigs.example", "https://rigs.example"),
        (" https://rigs.example/ \n", "https://rigs.example"),
        ("https://rigs.example:8443//", "https://rigs.example:8443"),
        ("https://rigs.example/stage/", "https://rigs.example/stage"),
        ("https://rigs.example/#/agents", "https://rigs.example"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:80", "http://[::1]:80"),
        ("http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_good_addresses_are_tidied(text: str, url: str) -> None:
    assert commander_url(text) == url


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty"),
        ("rigs.example", "put https:// before it"),
        ("rigs.example:8443", "put https:// before it"),
        ("ftp://rigs.example", "must begin with https://"),
        ("https://", "no valid host name"),
        ("https://rigs .example", "contains a space"),
        ("https://rigs.example:port", "cannot be read"),
        ("https://me:secret@rigs.example", "leave out what stands before the @"),
        ("https://rigs.example/?a=b", "question mark"),
        ("https://[::1", "cannot be read"),
    ],
)
def test_bad_addresses_are_explained(text: str, part: str) -> None:
    with pytest.raises(UplinkFailure, match="address") as caught:
        commander_url(text)
    assert caught.value.kind is FailureKind.BAD_ADDRESS
    assert part in caught.value.sentence


@pytest.mark.parametrize(
    "text", ["http://rigs.example", "http://192.0.2.7", "http://127.0.0.1.evil.example", "http://localhost.x"]
)
def test_without_tls_only_this_machine_or_by_wish(text: str) -> None:
    with pytest.raises(UplinkFailure, match="no TLS") as caught:
        commander_url(text)
    assert caught.value.kind is FailureKind.NO_TLS
    assert commander_url(text, allow_http=True) == text


@given(st.text() | st.text().map("https://".__add__))
def test_any_text_gives_an_address_or_a_failure(text: str) -> None:
    try:
        url = commander_url(text, allow_http=True)
    except UplinkFailure:
        return
    assert url.startswith(("https://", "http://"))
