"""Addresses of pools come without what belongs to their users."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_sentry.miners.pool_address import address_of, place_of
from edge_sentry.miners.told import Told

WALLET = "4" + "A" * 94


@pytest.mark.parametrize(
    ("text", "address", "tls"),
    [
        ("pool.example.com:3333", "pool.example.com:3333", None),
        ("127.0.0.1:3333", "127.0.0.1:3333", None),
        ("[2001:db8::1]:3333", "[2001:db8::1]:3333", None),
        ("stratum+tcp://pool.example.com:3333", "pool.example.com:3333", False),
        ("stratum+ssl://pool.example.com:3333", "pool.example.com:3333", True),
        ("stratum+tcps://pool.example.com:3333", "pool.example.com:3333", True),
        ("stratums://pool.example.com:3333", "pool.example.com:3333", True),
        ("ssl://pool.example.com:3333", "pool.example.com:3333", True),
        ("tls://pool.example.com:3333", "pool.example.com:3333", True),
        ("ethproxy+tcp://pool.example.com:3333", "pool.example.com:3333", False),
        (f"ssl://{WALLET}.rig:password@pool.example.com:3333", "pool.example.com:3333", True),
        (f"{WALLET}/rig@pool.example.com:3333", "pool.example.com:3333", None),
        ("stratum+tcp://pool.example.com:3333/wallet/rig", "pool.example.com:3333", False),
        ("http://pool.example.com:3333?user=wallet", "pool.example.com:3333", False),
        ("pool.example.com:3333 wallet", "pool.example.com:3333", None),
    ],
)
def test_address(text: str, address: str, tls: bool | None) -> None:
    found = address_of(text)
    assert found is not None
    assert (found.address, found.tls) == (address, tls)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pool.example.com",
        f"{WALLET}.rig",
        f"{WALLET}:3333",
        "0x52908400098527886E0F7030069857D2E4169EE7.rig",
        "pool.example.com:0",
        "pool.example.com:65536",
        "pool.example.com:99999999",
        "pool example.com:3333",
        "-pool.example.com:3333",
        "pool..example.com:3333",
        "a." * 60 + "com:3333",
        "\x1b[31m:3333",
        "stratum+tcp://",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert address_of(text) is None


def test_a_wallet_too_long_to_show_is_not_cut_into_an_address() -> None:
    pool = Told({"url": f"stratum+tcp://{'w' * 2000}@pool.example.com:3333"})
    assert place_of(pool, "url") == {"address": None, "tls": None}
    assert [each.reason for each in pool.unread()] == ["'url' is not the address of a pool"]


@given(st.text(max_size=300))
def test_any_text_gives_an_address_or_none(text: str) -> None:
    found = address_of(text)
    if found is not None:
        host, _, port = found.address.rpartition(":")
        assert host
        assert 1 <= int(port) <= 65535
        assert not set("@/ ?#") & set(found.address)
