"""PCI addresses from every spelling, and from none that is not one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_sentry.miners.pci import key_of_bus, key_of_text, of_decimal, of_hexadecimal, pci_address
from edge_sentry.miners.told import Told


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0000:03:00.0", "0000:03:00.0"),
        ("00000000:03:00.0", "0000:03:00.0"),
        ("10000:E1:00.0", "10000:e1:00.0"),
        ("0A:00.0", "0000:0a:00.0"),
        ("01:00.1", "0000:01:00.1"),
        ("0b:0", "0000:0b:00.0"),
        (" 11:0 ", "0000:11:00.0"),
        ("00:02.0", "0000:00:02.0"),
        ("00:00.0", None),
        ("busid", None),
        ("", None),
        ("01", None),
        ("01:00.9", None),
        ("01:20.0", None),
        ("0000:101:00.0", None),
        ("-1:00.0", None),
        ("01:00.0; rm", None),
    ],
)
def test_hexadecimal(text: str, address: str | None) -> None:
    assert of_hexadecimal(text) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [("11:0", "0000:0b:00.0"), ("255:0", "0000:ff:00.0"), ("256:0", None), ("0b:0", None), ("0:0", None)],
)
def test_decimal_is_another_bus_than_hexadecimal(text: str, address: str | None) -> None:
    assert of_decimal(text) == address


@pytest.mark.parametrize(
    ("reply", "key", "why"),
    [
        ({"bus": 10}, "0000:0a:00.0", None),
        ({"bus": 10, "domain": 1}, "0001:0a:00.0", None),
        ({"bus": 0}, None, "its PCI address is not told in a form that we know"),
        ({"bus": 300}, None, "its PCI address is not told in a form that we know"),
        ({"bus": "10"}, None, "'bus' is not a number"),
        ({"bus": 10.5}, None, "'bus' is 10.5, which is no count"),
        ({"bus": True}, None, "'bus' is not a number"),
        ({}, None, "'bus' is not told"),
    ],
)
def test_key_of_a_bus(reply: dict[str, object], key: str | None, why: str | None) -> None:
    row = Told(reply)
    assert key_of_bus(row, "bus", domain=("domain",)) == key
    assert [each.reason for each in row.unread()] == ([] if why is None else [why])


def test_key_of_a_text_says_why_there_is_none() -> None:
    row = Told({"bus_id": "not an address"}, "devices[3]")
    assert key_of_text(row, "bus_id") is None
    assert [(each.part, each.reason) for each in row.unread()] == [
        ("devices[3].key", "its PCI address is not told in a form that we know")
    ]


@given(st.integers(1, 255), st.integers(0, 31), st.integers(0, 7), st.integers(0, 0xFFFF))
def test_an_address_reads_as_itself(bus: int, slot: int, function: int, domain: int) -> None:
    address = pci_address(bus, slot, function, domain)
    assert address is not None
    assert of_hexadecimal(address) == address
