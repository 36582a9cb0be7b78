"""Whether there is anything to ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.collectors.nvidia.driver import Driver


def plugged_in(root: Path, maker: str, kind: str) -> Driver:
    device = root / "sys/bus/pci/devices/0000:01:00.0"
    device.mkdir(parents=True)
    (device / "vendor").write_text(maker)
    (device / "class").write_text(kind)
    return Driver(root, "linux")


@pytest.mark.parametrize(
    ("maker", "kind", "found"),
    [
        ("0x10de\n", "0x030000\n", True),
        ("0x10de\n", "0x030200\n", True),
        ("0x10de\n", "0x040300\n", False),
        ("0x1002\n", "0x030000\n", False),
        ("", "", False),
    ],
    ids=["display", "without a plug", "its sound", "of AMD", "empty"],
)
def test_a_card_is_known_by_maker_and_kind(tmp_path: Path, maker: str, kind: str, found: bool) -> None:
    assert plugged_in(tmp_path, maker, kind).card_present() is found


def test_a_machine_without_such_folders_has_none(tmp_path: Path) -> None:
    driver = Driver(tmp_path, "linux")
    assert not driver.card_present()
    assert not driver.present()


@pytest.mark.parametrize("file", ["proc/driver/nvidia/version", "usr/lib/wsl/lib/libnvidia-ml.so.1"])
def test_the_driver_is_known_by_its_files(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).touch()
    assert Driver(tmp_path, "linux").present()


@pytest.mark.parametrize(
    ("variable", "file"),
    [("SYSTEMROOT", "System32/nvml.dll"), ("PROGRAMFILES", "NVIDIA Corporation/NVSMI/nvml.dll")],
)
def test_under_windows_by_its_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, file: str
) -> None:
    for name in ("SYSTEMROOT", "PROGRAMFILES"):
        monkeypatch.setenv(name, str(tmp_path / name))
    driver = Driver(tmp_path, "win32")
    assert not driver.present()
    library = tmp_path / variable / file
    library.parent.mkdir(parents=True)
    library.touch()
    assert driver.present()
