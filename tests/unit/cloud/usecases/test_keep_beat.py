"""The commander's own outage is not the machines' silence."""

from __future__ import annotations

import pytest

from cloud.domain import state
from cloud.domain.records import Outage
from cloud.usecases.keep_beat import OUTAGES_KEPT, keep_beat, known_outages
from tests.fakes.ports import fake_ports
from tests.fakes.time_and_chance import FakeClock


def test_beats_close_to_each_other_are_no_outage() -> None:
    clock = FakeClock()
    ports = fake_ports(clock=clock)
    for _ in range(20):
        keep_beat(ports)
        clock.advance(40)
    assert known_outages(ports) == ()


def test_a_long_pause_was_an_outage_and_the_last_ones_are_kept() -> None:
    clock = FakeClock(1000)
    ports = fake_ports(clock=clock)
    keep_beat(ports)
    clock.advance(100)
    keep_beat(ports)
    assert known_outages(ports) == (Outage(1000, 1100),)
    for _ in range(OUTAGES_KEPT + 5):
        clock.advance(60)
        keep_beat(ports)
    assert len(known_outages(ports)) == OUTAGES_KEPT
    assert known_outages(ports)[-1] == Outage(clock.now - 60, clock.now)


OUTAGES = (Outage(1000, 5000), Outage(5100, 9000))


@pytest.mark.parametrize(
    ("received_at", "deadline"),
    [
        (100.0, 250.0),  # was offline before the commander went away, and stays so
        (900.0, 9150.0),  # was in time when it went away, twice
        (5050.0, 9150.0),  # reported between the two outages
        (9010.0, 9160.0),  # has reported since
    ],
)
def test_who_was_in_time_at_an_outage_has_the_whole_limit_anew(received_at: float, deadline: float) -> None:
    assert state.offline_at(received_at, 60, OUTAGES) == deadline
