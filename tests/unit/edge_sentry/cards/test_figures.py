"""Single cards become one reading."""

from __future__ import annotations

from edge_sentry.cards.figures import Figures, reading_of
from wire.messages import Device


def test_each_figure_goes_by_its_series() -> None:
    figures = Figures()
    figures.note("gpu_power_w", 0.0)
    figures.note("gpu_fan_pct", None)
    figures.note("gpu_load_pct", None, "asleep")
    reading = reading_of([(Device("gpu-a"), figures), (Device("gpu-b"), Figures())])
    assert reading.devices == (Device("gpu-a"), Device("gpu-b"))
    assert reading.values == {"gpu_power_w@gpu-a": 0.0}
    assert reading.unread == {
        "gpu_fan_pct@gpu-a": "not supported by this card",
        "gpu_load_pct@gpu-a": "asleep",
    }
