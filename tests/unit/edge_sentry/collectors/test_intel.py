"""What i915 and xe show, on trees of files as they make them."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.collectors.intel import IntelCards
from edge_sentry.reading import Reading
from tests.unit.edge_sentry.collectors.trees import ARC_I915, ARC_XE, INTEGRATED, NAVI_21, card


class Rig:
    """Intel's cards in time that the test moves."""

    def __init__(self, folder: Path) -> None:
        self.drm = folder / "drm"
        self.drm.mkdir()
        self.now = 100.0
        self.cards = IntelCards(self.drm, lambda: self.now)

    def read_after(self, seconds: float) -> dict[str, float]:
        """By metric, of the only card."""
        self.now += seconds
        return {name.partition("@")[0]: value for name, value in self.cards.collect().values.items()}

    def reasons(self) -> set[str]:
        return set(self.cards.collect().unread.values())


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_a_card_with_xe(rig: Rig) -> None:
    device = card(rig.drm, 0, "0000:03:00.0", "xe", ARC_XE)
    first = rig.read_after(0)
    assert first == {"gpu_temperature_c": 55, "gpu_memory_temperature_c": 62, "gpu_core_clock_hz": 2450e6}
    (device / "hwmon/hwmon5/energy1_input").write_text("3500000000\n")
    assert rig.read_after(20)["gpu_power_w"] == pytest.approx(125)
    (found,) = rig.cards.collect().devices
    assert (found.name, found.vendor, found.driver) == ("Intel 0xe20b", "intel", "xe")


def test_a_card_with_i915(rig: Rig) -> None:
    device = card(rig.drm, 2, "0000:03:00.0", "i915", ARC_I915)
    (rig.drm / "card2" / "gt_act_freq_mhz").write_text("600\n")
    assert rig.read_after(0) == {"gpu_core_clock_hz": 600e6}
    (device / "hwmon/hwmon2/energy1_input").write_text("155000000\n")
    assert rig.read_after(10)["gpu_power_w"] == pytest.approx(15)


def test_power_needs_two_readings_some_time_apart_and_a_count_that_rises(rig: Rig) -> None:
    device = card(rig.drm, 0, "0000:03:00.0", "i915", ARC_I915)
    counter = device / "hwmon/hwmon2/energy1_input"
    for text, seconds in (("5000000", 0), ("5000001", 0.01), ("10", 10)):
        counter.write_text(text)
        assert "gpu_power_w" not in rig.read_after(seconds)
    counter.write_text("100000010")
    assert rig.read_after(10)["gpu_power_w"] == pytest.approx(10)


def test_power_is_unread_with_its_reason(rig: Rig) -> None:
    device = card(rig.drm, 0, "0000:03:00.0", "i915", ARC_I915)
    assert "no earlier reading to compare with" in rig.reasons()
    (device / "hwmon/hwmon2/energy1_input").write_text("much")
    assert "its driver says something that is no number" in rig.reasons()


def test_graphics_inside_a_processor_and_other_makers_cards_do_not_count(rig: Rig) -> None:
    card(rig.drm, 0, "0000:00:02.0", "i915", INTEGRATED)
    card(rig.drm, 1, "0000:03:00.0", "amdgpu", NAVI_21)
    assert rig.cards.collect() == Reading()
