"""Sums never lack a part silently; without cards nothing changes."""

from __future__ import annotations

from edge_sentry.cards.totals import Totals
from edge_sentry.reading import Reading
from wire.messages import Device

A, B = Device("gpu-a", address="0000:01:00.0"), Device("gpu-b", address="0000:02:00.0")


def reading(
    values: dict[str, float], unread: dict[str, str] | None = None, lost: dict[str, str] | None = None
) -> Reading:
    return Reading(values=values, unread=unread or {}, devices=(A, B), lost=lost or {})


FULL = {"power_w": 60.0, "gpu_power_w@gpu-a": 200.04, "gpu_power_w@gpu-b": 100.0}


def test_the_hottest_card() -> None:
    added = Totals().added(reading({"gpu_temperature_c@gpu-a": 61.0, "gpu_temperature_c@gpu-b": 70.0}))
    assert added.values["gpu_hottest_c"] == 70.0


def test_cards_without_a_temperature_are_explained() -> None:
    assert Totals().added(reading({})).unread == {"gpu_hottest_c": "no card's temperature was read"}


def test_power_of_processor_and_cards() -> None:
    assert Totals().added(reading(FULL)).values["power_w"] == 360.0


def test_the_cards_alone_are_a_sum_too_where_the_processor_has_no_meter() -> None:
    cards = {name: watts for name, watts in FULL.items() if name != "power_w"}
    added = Totals().added(reading(cards, {"power_w": "no meter found"}))
    assert added.values["power_w"] == 300.0
    assert "power_w" not in added.unread


def test_a_part_that_fails_makes_the_sum_unread_until_it_is_back() -> None:
    totals = Totals()
    totals.added(reading(FULL))
    part = {"power_w": 60.0, "gpu_power_w@gpu-a": 200.0}
    for _ in range(2):
        added = totals.added(reading(part, {"gpu_power_w@gpu-b": "no answer within 5 s"}))
        assert "power_w" not in added.values
        assert added.unread["power_w"] == "gpu-b: no answer within 5 s"
    assert totals.added(reading(FULL)).values["power_w"] == 360.0


def test_a_processor_that_fails_is_a_part_too() -> None:
    totals = Totals()
    totals.added(reading(FULL))
    added = totals.added(reading({"gpu_power_w@gpu-a": 200.0, "gpu_power_w@gpu-b": 1.0}, {"power_w": "why"}))
    assert added.unread["power_w"] == "the processor: why"
    assert "power_w" not in added.values


def test_cards_that_are_lost_or_gone_draw_what_nobody_knows() -> None:
    totals = Totals()
    totals.added(reading(FULL))
    part = {"power_w": 60.0, "gpu_power_w@gpu-a": 200.0}
    assert totals.added(reading(part, {}, {"0000:02:00.0": "fell off"})).values["power_w"] == 260.0
    assert totals.added(Reading(values={"power_w": 60.0})).values["power_w"] == 60.0


def test_a_card_that_never_told_its_power_is_no_part() -> None:
    added = Totals().added(reading({"power_w": 60.0}, {"gpu_power_w@gpu-a": "not supported by this card"}))
    assert added.values["power_w"] == 60.0


def test_without_cards_nothing_changes() -> None:
    plain = Reading(values={"load_1min": 1.0}, unread={"power_w": "no meter found"})
    assert Totals().added(plain) == plain
