"""Readings become one; cards carry what was read of them."""

from __future__ import annotations

from edge_sentry.reading import CardReading, Gap, Reading, merged, spec_or_reason, value_or_reason
from wire.messages import Device, Mining

A, B = Device("gpu-a", address="0000:01:00.0"), Device("gpu-b")


def test_all_parts_are_merged() -> None:
    left = Reading(
        values={"load_1min": 1.0},
        specs={"os": "x"},
        unread={"a": "why"},
        mining=(Mining("randomx", 1.0),),
        devices=(A,),
        lost={"0000:01:00.0": "fell off"},
        hung_readings=1,
        gaps=(Gap("amd", "why"),),
    )
    right = Reading(values={"uptime_s": 2.0}, devices=(B,), hung_readings=3, gaps=(Gap("intel", "why"),))
    both = merged(left, right)
    assert both.values == {"load_1min": 1.0, "uptime_s": 2.0}
    assert both.devices == (A, B)
    assert both.hung_readings == 3
    assert [gap.vendor for gap in both.gaps] == ["amd", "intel"]
    assert (both.specs, both.unread, both.mining, both.lost) == (
        left.specs,
        left.unread,
        left.mining,
        left.lost,
    )
    assert merged() == Reading()


def test_cards_carry_their_own_figures_and_none_is_not_zero() -> None:
    values = {
        "gpu_temperature_c@gpu-a": 0.0,
        "gpu_memory_temperature_c@gpu-b": 90.0,
        "gpu_load_pct@gpu-b": 5.0,
    }
    assert Reading(values=values, devices=(A, B)).cards == (
        CardReading("gpu-a", "0000:01:00.0", 0.0, None, None),
        CardReading("gpu-b", None, None, 90.0, 5.0),
    )


def test_one_value_or_spec_or_its_reason() -> None:
    assert value_or_reason("load_1min", 0.0, "why").values == {"load_1min": 0.0}
    assert value_or_reason("load_1min", None, "why").unread == {"load_1min": "why"}
    assert spec_or_reason("os", "", "why").unread == {"os": "why"}
    assert spec_or_reason("os", "Linux", "why").specs == {"os": "Linux"}
