"""Ranges as people write them, and those that may not be asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asic_edge.discovery.ranges import MOST_ADDRESSES, RangeError, addresses_of


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("192.168.1.0/24", "192.168.1.1", "192.168.1.254", 254),
        ("192.168.1.77/24", "192.168.1.1", "192.168.1.254", 254),
        ("10.0.0.0/22", "10.0.0.1", "10.0.3.254", 1022),
        ("10.0.0.4/31", "10.0.0.4", "10.0.0.5", 2),
        ("10.0.0.5-10.0.0.99", "10.0.0.5", "10.0.0.99", 95),
        (" 10.0.0.5 - 10.0.1.4 ", "10.0.0.5", "10.0.1.4", 256),
        ("172.31.0.7", "172.31.0.7", "172.31.0.7", 1),
        ("127.20.0.1", "127.20.0.1", "127.20.0.1", 1),
    ],
)
def test_forms(text: str, first: str, last: str, count: int) -> None:
    found = addresses_of([text])
    assert (found[0], found[-1], len(found)) == (first, last, count)


def test_ranges_that_overlap_give_each_address_once() -> None:
    assert addresses_of(["10.0.0.1-10.0.0.3", "10.0.0.2", "10.0.0.3-10.0.0.4"]) == [
        f"10.0.0.{each}" for each in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("8.8.8.0/24", "not within a private network"),
        ("172.31.255.255-172.32.0.1", "not within a private network"),
        ("100.64.0.1", "not within a private network"),
        ("10.0.0.0/8", "more than 65536 addresses"),
        ("10.0.0.9-10.0.0.1", "ends before it begins"),
        ("hall one", "is no range of IPv4 addresses"),
        ("192.168.1.0/99", "is no range of IPv4 addresses"),
        ("fe80::1", "is no range of IPv4 addresses"),
        ("", "is no range of IPv4 addresses"),
    ],
)
def test_what_is_refused_and_why(text: str, words: str) -> None:
    with pytest.raises(RangeError, match=words):
        addresses_of([text])


@pytest.mark.parametrize(
    "text", ["0.0.0.0", "224.0.0.1", "239.255.255.255", "255.255.255.255", "8.8.8.8-240.0.0.1"]
)
def test_no_device_is_there_whatever_is_said(text: str) -> None:
    with pytest.raises(RangeError, match=r"where no device can be|more than"):
        addresses_of([text], public=True)


def test_public_addresses_only_when_said() -> None:
    assert addresses_of(["203.0.113.7"], public=True) == ["203.0.113.7"]


def test_the_limit_counts_all_ranges_together() -> None:
    assert len(addresses_of(["10.0.0.0-10.0.255.255"])) == MOST_ADDRESSES
    with pytest.raises(RangeError, match="more than"):
        addresses_of(["10.0.0.0-10.0.255.255", "10.1.0.1"])


@given(st.text(max_size=40))
def test_any_text_is_addresses_or_a_range_error(text: str) -> None:
    try:
        found = addresses_of([text])
    except RangeError as error:
        found = [str(error)]
    assert found
    assert all(found)
