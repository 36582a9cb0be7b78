"""A card is known again wherever it is, and two cards are never one."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_sentry.cards.identity import CardFacts, device_id, identified, normal_address
from wire.messages import Device

CARD = CardFacts("nvidia", "RTX 3080", "0000:01:00.0", "GPU-1", "94.02", "580", 1024)


def test_the_id_is_made_of_the_uuid_alone() -> None:
    assert device_id(CARD) == "gpu-" + hashlib.sha256(b"GPU-1").hexdigest()[:12]
    assert device_id(replace(CARD, address="0000:02:00.0", name=None, vbios="2")) == device_id(CARD)


def test_without_a_uuid_place_name_and_vbios_tell_cards_apart() -> None:
    bare = replace(CARD, uuid=None)
    others = [replace(bare, address="0000:02:00.0"), replace(bare, name="x"), replace(bare, vbios=None)]
    assert len({device_id(each) for each in (bare, *others)}) == 4
    assert device_id(replace(bare, driver="590", memory_bytes=None)) == device_id(bare)


def test_cards_of_one_uuid_get_a_number_each() -> None:
    ids = [device.device for device in identified([CARD, CARD, replace(CARD, uuid="GPU-2"), CARD])]
    assert ids == [ids[0], f"{ids[0]}-2", ids[2], f"{ids[0]}-3"]


@given(
    st.lists(
        st.builds(
            CardFacts,
            st.sampled_from(["nvidia", "amd", "intel"]),
            *[st.none() | st.text(max_size=300)] * 5,
            st.none() | st.integers(-(2**70), 2**70),
        ),
        max_size=5,
    )
)
def test_whatever_a_driver_tells_fits_the_wire(facts: list[CardFacts]) -> None:
    devices = identified(facts)
    assert len({device.device for device in devices}) == len(facts)
    for device in devices:
        assert msgspec.json.decode(msgspec.json.encode(device), type=Device) == device


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("00000000:01:00.0", "0000:01:00.0"),
        ("0000:0A:1f.7", "0000:0a:1f.7"),
        ("00010000:01:00.0", "10000:01:00.0"),
        (" 0000:01:00.0\n", "0000:01:00.0"),
        ("01:00.0", None),
        ("0000:01:00", None),
        ("", None),
    ],
)
def test_addresses_in_one_form(text: str, address: str | None) -> None:
    assert normal_address(text) == address
