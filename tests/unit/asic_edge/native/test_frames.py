"""Messages between agent and reading process, cut anywhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asic_edge.native.frames import MOST_BYTES, Ask, Frames, Told, Verb, framed
from asic_edge.snapshot import Depth, Identity, Snapshot

ASKS = [
    Ask(1, Verb.READ, "10.0.0.1", Depth.FULL, 15.0),
    Ask(2, Verb.CANCEL, "10.0.0.2"),
    Ask(3, Verb.FORGET, "x"),
]


@given(st.lists(st.integers(0, 200), max_size=5))
def test_messages_come_out_whole_however_they_are_cut(cuts: list[int]) -> None:
    data, frames, found = b"".join(framed(each) for each in ASKS), Frames(Ask), []
    edges = [0, *sorted(min(each, len(data)) for each in cuts), len(data)]
    for begin, end in pairwise(edges):
        found += list(frames.feed(data[begin:end]))
    assert found == ASKS


def test_a_snapshot_comes_back_the_same() -> None:
    told = Told(7, snapshot=Snapshot(Identity("10.0.0.1", "Bitaxe"), 1.0, Depth.LIGHT, hashrate=1.0))
    assert list(Frames(Told).feed(framed(told))) == [told]


@pytest.mark.parametrize("data", [(MOST_BYTES + 1).to_bytes(4, "big"), b"\x00\x00\x00\x01\xc1"])
def test_nonsense_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"bytes|MessagePack"):
        list(Frames(Ask).feed(data))
