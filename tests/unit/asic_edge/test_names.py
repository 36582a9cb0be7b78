"""Makes, models, algorithms and MACs in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asic_edge.names import algorithm_of, is_called, mac_of, make_of, model_of


@pytest.mark.parametrize(
    ("told", "make"),
    [
        ("AntMiner", "Antminer"),
        ("ANTMINER", "Antminer"),
        ("Bitmain", "Antminer"),
        ("WhatsMiner", "Whatsminer"),
        ("MicroBT", "Whatsminer"),
        ("Ice River", "IceRiver"),
        ("Some Other", "Some Other"),
        ("", None),
        (None, None),
    ],
)
def test_makes(told: str | None, make: str | None) -> None:
    assert make_of(told) == make


@pytest.mark.parametrize(
    ("told", "model"),
    [
        ("S19Pro", "S19 Pro"),
        ("S19 PRO", "S19 Pro"),
        ("Antminer S19 Pro", "S19 Pro"),
        ("ANTMINER S19J PRO", "S19j Pro"),
        ("S19jPro", "S19j Pro"),
        ("S19ProHyd", "S19 Pro Hyd"),
        ("S21XP", "S21 XP"),
        ("S21+", "S21+"),
        ("M50S_VJ51", "M50S VJ51"),
        ("WhatsMiner M30S++_VH50", "M30S++ VH50"),
        ("Gamma", "Gamma"),
        ("", None),
        (None, None),
    ],
)
def test_models(told: str | None, model: str | None) -> None:
    assert model_of(told) == model


@given(st.text(max_size=60))
def test_a_model_that_is_spelt_our_way_stays(told: str) -> None:
    model = model_of(told)
    assert model_of(model) == model or model is None


@pytest.mark.parametrize(
    ("told", "mac"),
    [
        ("d4:01:02:03:04:05", "D4:01:02:03:04:05"),
        ("D4-01-02-03-04-05", "D4:01:02:03:04:05"),
        ("d40102030405", "D4:01:02:03:04:05"),
        ("****:****:****:****:****:**", None),
        ("00:00:00:00:00:00", None),
        ("FF:FF:FF:FF:FF:FF", None),
        ("d4:01:02", None),
        (None, None),
    ],
)
def test_macs(told: str | None, mac: str | None) -> None:
    assert mac_of(told) == mac


def test_algorithms() -> None:
    assert [algorithm_of(each) for each in ("SHA256", "KHeavyHash", "Scrypt")] == [
        "sha256",
        "kheavyhash",
        "scrypt",
    ]
    assert algorithm_of("Unknown") is None


@pytest.mark.parametrize(
    "text", ["antminer", "Bitmain", "s19pro", "S19 PRO", "Antminer S19Pro", "antminer s19 pro"]
)
def test_a_device_is_called_by_make_or_model_or_both(text: str) -> None:
    assert is_called("Antminer", "S19 Pro", text)


@pytest.mark.parametrize("text", ["", "whatsminer", "S19", "Pro", "Antminer S19"])
def test_a_device_is_not_called_by_another_name(text: str) -> None:
    assert not is_called("Antminer", "S19 Pro", text)
    assert not is_called(None, None, text)
