"""No honest agent makes a block that the commander refuses as too long, at whatever cadence or clock."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.codec import BLOCK_SPAN_MAX_S
from wire.messages import Block
from wire.uplink.backlog import Backlog
from wire.uplink.blocks import LENGTH_S, Room, room_of, thinned
from wire.uplink.spool import Spool

START_MS = 1_800_000_000_000
HOUR_MS = 3_600_000


def _blocks(samples: Sequence[tuple[int, Room]]) -> list[Block]:
    """What an agent would send of samples with these times, each kept in the room of its moment."""
    backlog = Backlog(Spool(None))
    for at_ms, room in samples:
        backlog.add(at_ms, {"load_1min": 1.0}, room)
    closed = [backlog.block(row.key) for row in backlog.rows()]
    under_way = backlog.open()
    return [block for block in (*closed, under_way and under_way.block) if block is not None]


def _longest_s(blocks: Sequence[Block]) -> float:
    return max(block.at[-1] - block.at[0] for block in (*blocks, *map(thinned, blocks)))


@pytest.mark.parametrize("series", [0, 1, 10, 97, 1000])
def test_no_cadence_has_room_for_more_than_five_minutes(series: int) -> None:
    cadences = [(sample_s, report_s) for sample_s in range(1, 3601) for report_s in (sample_s, 3600, 86_400)]
    assert max(room_of(series, *cadence).seconds for cadence in cadences) <= LENGTH_S < BLOCK_SPAN_MAX_S


@pytest.mark.parametrize("sample_s", [1, 5, 7, 10, 59, 60, 299, 300, 301, 600, 3599, 3600])
def test_blocks_at_an_even_cadence(sample_s: int) -> None:
    for report_s in {sample_s, 6 * sample_s, 3600}:
        room = room_of(10, sample_s, report_s)
        samples = [(START_MS + 1000 * sample_s * number, room) for number in range(400)]
        assert _longest_s(_blocks(samples)) <= LENGTH_S


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-2 * HOUR_MS, 2 * HOUR_MS) | st.integers(0, 20_000),
            st.builds(room_of, st.integers(0, 1000), st.integers(1, 3600), st.integers(1, 3600)),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_blocks_while_clock_and_cadence_jump(steps: list[tuple[int, Room]]) -> None:
    at_ms, samples = START_MS, []
    for jump_ms, room in steps:
        at_ms += jump_ms
        samples.append((at_ms, room))
    assert _longest_s(_blocks(samples)) <= LENGTH_S
