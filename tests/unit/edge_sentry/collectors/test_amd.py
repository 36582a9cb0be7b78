"""What amdgpu shows, on trees of files as it makes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.cards.drm import Known
from edge_sentry.collectors.amd import collect, facts
from edge_sentry.reading import Reading
from tests.unit.edge_sentry.collectors.trees import INTEGRATED, NAVI_21, POLARIS, card


def read(root: Path) -> Reading:
    return collect(root, Known(facts))


def told(reading: Reading, number: int = 0) -> dict[str, float]:
    device = reading.devices[number].device
    return {name.partition("@")[0]: v for name, v in reading.values.items() if name.endswith(f"@{device}")}


def reasons(reading: Reading, number: int = 0) -> dict[str, str]:
    device = reading.devices[number].device
    return {name.partition("@")[0]: v for name, v in reading.unread.items() if name.endswith(f"@{device}")}


@pytest.fixture
def drm(tmp_path: Path) -> Path:
    (tmp_path / "drm").mkdir()
    return tmp_path / "drm"


def test_a_card_with_everything(drm: Path) -> None:
    card(drm, 1, "0000:03:00.0", "amdgpu", NAVI_21)
    reading = read(drm)
    assert told(reading) == {
        "gpu_temperature_c": 56,
        "gpu_hot_spot_temperature_c": 71,
        "gpu_memory_temperature_c": 84,
        "gpu_power_w": 118,
        "gpu_fan_pct": pytest.approx(49.8, abs=0.01),
        "gpu_core_clock_hz": 1325e6,
        "gpu_memory_clock_hz": 1075e6,
        "gpu_load_pct": 99,
        "gpu_memory_used_bytes": 5 * 1024**3,
    }
    assert reading.unread == {}
    (device,) = reading.devices
    assert (device.name, device.vendor, device.address) == ("AMD 0x73bf", "amd", "0000:03:00.0")
    assert (device.uuid, device.vbios) == ("4a3c5d6e7f8091a2", "113-D4120E00-100")
    assert (device.driver, device.memory_bytes) == ("amdgpu", 17163091968)


def test_an_older_card_has_less_and_says_so(drm: Path) -> None:
    card(drm, 0, "0000:05:00.0", "amdgpu", POLARIS)
    reading = read(drm)
    assert told(reading)["gpu_power_w"] == pytest.approx(92.041)
    assert told(reading)["gpu_fan_pct"] == 50
    assert reasons(reading) == {
        "gpu_hot_spot_temperature_c": "not supported by this card",
        "gpu_memory_temperature_c": "not supported by this card",
    }
    assert reading.devices[0].uuid is None


def test_cards_go_by_their_slots_and_only_amds_count(drm: Path) -> None:
    card(drm, 0, "0000:09:00.0", "amdgpu", {**NAVI_21, "product_name": "Radeon RX 6800\n"})
    card(drm, 1, "0000:00:02.0", "i915", INTEGRATED)
    card(drm, 2, "0000:05:00.0", "amdgpu", POLARIS)
    reading = read(drm)
    assert [device.address for device in reading.devices] == ["0000:05:00.0", "0000:09:00.0"]
    assert reading.devices[1].name == "Radeon RX 6800"


def test_graphics_inside_a_processor_count_with_a_sensor_only(drm: Path) -> None:
    card(drm, 0, "0000:0a:00.0", "amdgpu", {"vendor": "0x1002\n", "device": "0x164e\n"})
    assert read(drm) == Reading()
    sensor = {"hwmon/hwmon0/power1_input": "15000000\n"}
    card(drm, 1, "0000:0b:00.0", "amdgpu", {"vendor": "0x1002\n", "device": "0x15bf\n", **sensor})
    assert told(read(drm)) == {"gpu_power_w": 15}


@pytest.mark.parametrize("text", ["", "nan\n", "N/A\n"])
def test_what_is_no_number_is_unread(drm: Path, text: str) -> None:
    device = card(drm, 0, "0000:05:00.0", "amdgpu", POLARIS)
    (device / "gpu_busy_percent").write_text(text)
    assert reasons(read(drm))["gpu_load_pct"] == "its driver says something that is no number"


def test_a_file_that_fails_costs_no_other(drm: Path) -> None:
    device = card(drm, 0, "0000:05:00.0", "amdgpu", POLARIS)
    (device / "gpu_busy_percent").unlink()
    (device / "gpu_busy_percent").mkdir()  # reading a folder fails as a driver would
    reading = read(drm)
    assert reasons(reading)["gpu_load_pct"] == "its driver says: Is a directory"
    assert told(reading)["gpu_temperature_c"] == 62


def test_a_file_that_fails_later_does_not_change_who_the_card_is(drm: Path) -> None:
    device = card(drm, 0, "0000:03:00.0", "amdgpu", NAVI_21)
    known = Known(facts)
    before = collect(drm, known).devices
    (device / "unique_id").unlink()
    assert collect(drm, known).devices == before


def test_a_number_that_is_nobodys_own_is_none(drm: Path) -> None:
    card(drm, 0, "0000:03:00.0", "amdgpu", {**NAVI_21, "unique_id": "0x0000000000000000\n"})
    assert read(drm).devices[0].uuid is None


def test_without_such_folders_there_are_no_cards(tmp_path: Path) -> None:
    assert read(tmp_path / "nothing") == Reading()
