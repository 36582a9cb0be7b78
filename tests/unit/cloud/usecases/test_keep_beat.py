"""The commander's own outage is not the machines' silence."""

from __future__ import annotations

import pytest

from cloud.domain import state
from cloud.domain.pace import pace_of
from cloud.domain.policy import Policy
from cloud.domain.records import Outage
from cloud.usecases.keep_beat import OUTAGES_KEPT, keep_beat, known_outages
from tests.fakes.ports import fake_ports
from tests.fakes.time_and_chance import FakeClock
from wire.live import FarmSettings


def test_beats_close_to_each_other_are_no_outage() -> None:
    clock = FakeClock()
    ports = fake_ports(clock=clock)
    for _ in range(20):
        keep_beat(ports)
        clock.advance(90)  # AWS beats each minute, and not to the second
    assert known_outages(ports) == ()


def test_a_long_pause_was_an_outage_and_the_last_ones_are_kept() -> None:
    clock = FakeClock(1000)
    ports = fake_ports(clock=clock)
    keep_beat(ports)
    clock.advance(200)
    keep_beat(ports)
    assert known_outages(ports) == (Outage(1000, 1200),)
    for _ in range(OUTAGES_KEPT + 5):
        clock.advance(160)
        keep_beat(ports)
    assert len(known_outages(ports)) == OUTAGES_KEPT
    assert known_outages(ports)[-1] == Outage(clock.now - 160, clock.now)


OUTAGES = (Outage(1000, 5000), Outage(5100, 9000))


@pytest.mark.parametrize(
    ("received_at", "deadline"),
    [
        (100.0, 250.0),  # was offline before the commander went away, and stays so
        (900.0, 9450.0),  # was in time when it went away, twice
        (5050.0, 9450.0),  # reported between the two outages
        (9010.0, 9160.0),  # has reported since
    ],
)
def test_who_was_in_time_at_an_outage_has_the_whole_limit_anew_once_it_noticed(
    received_at: float, deadline: float
) -> None:
    assert state.offline_at(received_at, 60, pace_of(Policy(), FarmSettings()), OUTAGES) == deadline


def test_a_start_ends_an_outage_however_short() -> None:
    """Nobody could report while it restarted, and agents pause longer than that before they try again."""
    clock = FakeClock(1000)
    ports = fake_ports(clock=clock)
    keep_beat(ports, starts=True)
    assert known_outages(ports) == ()
    clock.advance(5)
    keep_beat(ports)
    clock.advance(5)
    keep_beat(ports, starts=True)
    clock.advance(5)
    keep_beat(ports)
    assert known_outages(ports) == (Outage(1005, 1010),)


def test_a_beat_that_is_older_than_the_one_there_changes_nothing() -> None:
    """Of two commanders' beats the later one stays."""
    clock = FakeClock(1000)
    ports = fake_ports(clock=clock)
    keep_beat(ports)
    clock.advance(-500)
    keep_beat(ports)
    clock.advance(560)
    keep_beat(ports)
    assert known_outages(ports) == ()
