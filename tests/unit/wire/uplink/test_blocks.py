"""A block has room for so much time and so many samples, at whatever cadence they come."""

from __future__ import annotations

import pytest

from wire.uplink.blocks import SAMPLES_MAX, VALUES_MAX, Room, room_of


@pytest.mark.parametrize(
    ("series", "sample_s", "report_s", "room"),
    [
        (10, 10, 60, Room(300, 42)),
        (10, 5, 5, Room(180, 42)),
        (10, 60, 360, Room(300, 42)),
        (1, 10, 60, Room(300, 420)),
        (40, 10, 60, Room(60, 10)),
        (1000, 10, 60, Room(60, 6)),
        (0, 1, 1, Room(300, 420)),
    ],
)
def test_room(series: int, sample_s: float, report_s: float, room: Room) -> None:
    assert room_of(series, sample_s, report_s) == room


@pytest.mark.parametrize("series", range(1, 1001, 37))
@pytest.mark.parametrize("sample_s", [1, 5, 10, 60, 3600])
def test_at_an_even_cadence_the_time_is_over_before_the_room(series: int, sample_s: float) -> None:
    room = room_of(series, sample_s, 60)
    assert room.seconds / sample_s <= room.samples <= SAMPLES_MAX
    assert room.samples * series <= VALUES_MAX or room.seconds == 60
