"""Varied answers keep the recorded shape; no two devices are the same."""

from __future__ import annotations

from typing import Any

import pytest

from asic_edge.simulator.captures import RECORDINGS, load_capture
from asic_edge.simulator.models import MODELS
from asic_edge.simulator.variation import Character, mac_of, varied

OWN = Character(7, "127.20.0.7", 1.01, 100.0)
ANSWERS = [
    (f"{model.folder}/{name}", answer.content)
    for model in MODELS.values()
    for capture in [load_capture(RECORDINGS / model.folder)]
    for name, answer in {**capture.rpc, **capture.web}.items()
]


def _shape(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _shape(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_shape(each) for each in content]
    return type(content)


@pytest.mark.parametrize(("name", "content"), ANSWERS, ids=[name for name, _ in ANSWERS])
def test_shape_stays(name: str, content: Any) -> None:
    assert _shape(varied(content, OWN)) == _shape(content)
    assert list(varied(content, OWN)) == list(content)


def test_identity_and_figures_are_its_own() -> None:
    content = {"macaddr": "02:50:53:09:DA:D9", "serinum": "SMTTATUBDJAAI00A5", "GHS 5s": 100.0, "Elapsed": 50}
    assert varied(content, OWN) == {
        "macaddr": mac_of(7),
        "serinum": "SMTTATUBDJA000075",
        "GHS 5s": 101.0,
        "Elapsed": 150,
    }
    assert mac_of(7) != mac_of(8)


def test_serials_of_large_numbers_are_as_long_and_their_own() -> None:
    numbers = (1, 36, 2**16, 2**16 + 36**3, 2**24 - 1)
    told = [varied({"sn": "SMTTATUBDJAAI00A5"}, OWN._replace(number=each))["sn"] for each in numbers]
    assert len(set(told)) == len(numbers)
    assert {len(each) for each in told} == {17}


def test_figures_within_texts_keep_their_unit() -> None:
    assert varied({"rtpow": "100G"}, OWN) == {"rtpow": "101.00G"}
    assert varied({"chain_rate4": ""}, OWN) == {"chain_rate4": ""}
