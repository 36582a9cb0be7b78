"""When a child is started, ended and started again, in time that the tests move."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise, repeat
from pathlib import Path

import pytest

from edge_sentry.collectors.nvidia.cards import NvidiaCards, reading_of_answer
from edge_sentry.collectors.nvidia.driver import Driver
from edge_sentry.collectors.nvidia.process import Answer, CardAnswer, CardFixed, Child
from edge_sentry.reading import Reading
from tests.unit.edge_sentry.collectors.nvidia.stand_ins import Clock, PlayedChild, with_driver

GOOD = CardAnswer(CardFixed("GPU-1", "00000000:01:00.0", "A card"), {"gpu_power_w": 100.0}, {})


def answers(*cards: CardAnswer) -> Iterator[Answer]:
    return repeat(Answer(1, "580", cards))


class Scene:
    """Plays one child after the other."""

    def __init__(self, root: Path, *children: PlayedChild) -> None:
        self.clock = Clock()
        self.left = iter(children)
        self.started: list[PlayedChild] = []
        self.cards = NvidiaCards(with_driver(root), self._start, self.clock)

    def _start(self) -> Child:
        self.started.append(next(self.left))
        return self.started[-1]

    def read_after(self, seconds: float) -> Reading:
        self.clock.now += seconds
        return self.cards.collect()


def silent(*, unkillable: bool = False) -> PlayedChild:
    """Answers once and then no more."""
    return PlayedChild(chain([Answer(1, "580", (GOOD,))], repeat(None)), unkillable)


def test_a_driver_that_starts_slowly_is_waited_for(tmp_path: Path) -> None:
    child = PlayedChild(chain([None, None, None], answers(GOOD)))
    scene = Scene(tmp_path, child)
    for _ in range(3):
        reading = scene.read_after(10)
        assert reading.unread == {"devices": "NVIDIA: its driver is still starting"}
        assert reading.hung_readings == 0
    assert len(scene.read_after(10).devices) == 1
    assert child.asked == [1]


def test_a_driver_that_never_starts_counts_as_hung(tmp_path: Path) -> None:
    scene = Scene(tmp_path, PlayedChild(repeat(None)))
    scene.cards.collect()
    reading = scene.read_after(60)
    assert reading.unread == {"devices": "NVIDIA: no answer within 60 s"}
    assert reading.hung_readings == 1
    assert scene.started[0].killed


def test_each_pause_is_longer_up_to_ten_minutes(tmp_path: Path) -> None:
    crash = [PlayedChild(repeat(Answer(1, failure="broken"))) for _ in range(8)]
    scene = Scene(tmp_path, *crash)
    starts = []
    for second in range(0, 3300, 10):
        before = len(scene.started)
        assert scene.read_after(10).unread == {"devices": "NVIDIA: broken"}
        starts += [second] * (len(scene.started) - before)
    pauses = [after - before for before, after in pairwise(starts)]
    assert pauses == [60, 120, 240, 480, 600, 600, 600]


def test_hung_readings_count_in_a_row_and_end_with_an_answer(tmp_path: Path) -> None:
    stuck = [PlayedChild(repeat(None)) for _ in range(2)]
    scene = Scene(tmp_path, *stuck, PlayedChild(answers(GOOD)))
    counts = [scene.read_after(seconds).hung_readings for seconds in (0, 60, 10, 50, 60, 120)]
    assert counts == [0, 1, 1, 1, 2, 0]


def test_after_a_good_answer_the_pause_is_short_again(tmp_path: Path) -> None:
    scene = Scene(tmp_path, silent(), silent(), silent())
    for count in (1, 2, 3):
        assert scene.read_after(60).devices
        assert scene.read_after(10).hung_readings == 1
        assert len(scene.started) == count


def test_no_more_than_three_hung_children_are_left_behind(tmp_path: Path) -> None:
    scene = Scene(tmp_path, *(silent(unkillable=True) for _ in range(4)))
    for _ in range(60):
        reading = scene.read_after(60)
    assert len(scene.started) == 3
    words = "NVIDIA: 3 readings hang in its driver for good: restart the machine"
    assert reading.unread == {"devices": words}
    scene.started[0].unkillable = False
    assert len(scene.read_after(60).devices) == 1


def test_a_card_that_comes_back_is_seen_by_a_new_child(tmp_path: Path) -> None:
    lost = CardAnswer(GOOD.fixed, {}, {"gpu_power_w": "lost"}, failure="lost", lost=True)
    scene = Scene(tmp_path, PlayedChild(answers(lost)), PlayedChild(answers(GOOD)))
    assert scene.cards.collect().lost == {"0000:01:00.0": "lost"}
    assert scene.read_after(601).lost == {"0000:01:00.0": "lost"}
    assert scene.started[0].killed
    assert scene.read_after(10).lost == {}


def test_a_machine_without_driver_and_card_has_nothing_to_say(tmp_path: Path) -> None:
    cards = NvidiaCards(Driver(tmp_path, "linux"), _nobody, Clock())
    assert cards.collect() == Reading()


def test_a_card_without_its_driver_is_told_and_the_driver_found_at_once(tmp_path: Path) -> None:
    device = tmp_path / "sys/bus/pci/devices/0000:01:00.0"
    device.mkdir(parents=True)
    (device / "vendor").write_text("0x10de\n")
    (device / "class").write_text("0x030000\n")
    scene = Scene(tmp_path, PlayedChild(answers(GOOD)))
    (tmp_path / "proc/driver/nvidia/version").unlink()
    for _ in range(2):
        reading = scene.cards.collect()
        assert reading.unread == {"devices": "NVIDIA: a card is there, but not its driver: install that"}
    with_driver(tmp_path)
    assert len(scene.cards.collect().devices) == 1


def test_two_cards_of_one_uuid_are_two(tmp_path: Path) -> None:
    other = CardAnswer(CardFixed("GPU-1", "00000000:02:00.0", "A card"), {"gpu_power_w": 50.0}, {})
    reading = reading_of_answer(Answer(1, "580", (GOOD, other)))
    assert len(reading.values) == 2
    assert reading.devices[1].device == f"{reading.devices[0].device}-2"


@pytest.mark.parametrize("address", ["", "nonsense", "00000000:01:00"])
def test_a_bad_address_is_none(address: str) -> None:
    card = CardAnswer(CardFixed("GPU-1", address), {}, {})
    assert reading_of_answer(Answer(1, None, (card,))).devices[0].address is None


def _nobody() -> Child:
    raise AssertionError("a child was started")
