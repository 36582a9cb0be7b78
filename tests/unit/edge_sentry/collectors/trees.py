"""Builds what Linux shows of a graphics card: a folder with files, as they were described or seen."""

from __future__ import annotations

from pathlib import Path


def card(root: Path, number: int, address: str, driver: str, files: dict[str, str]) -> Path:
    """Below `root`, which stands for /sys/class/drm; `files` by their path within the card's device."""
    device = root.parent / "devices" / address
    for name, text in files.items():
        (device / name).parent.mkdir(parents=True, exist_ok=True)
        (device / name).write_text(text)
    module = root.parent / "drivers" / driver
    module.mkdir(parents=True, exist_ok=True)
    (device / "driver").symlink_to(module)
    node = root / f"card{number}"
    node.mkdir(parents=True)
    (node / "device").symlink_to(device)
    (root / f"card{number}-DP-1").mkdir()
    return device


NAVI_21 = {
    "vendor": "0x1002\n",
    "device": "0x73bf\n",
    "product_name": "\n",
    "unique_id": "4a3c5d6e7f8091a2\n",
    "vbios_version": "113-D4120E00-100\n",
    "gpu_busy_percent": "99\n",
    "mem_info_vram_total": "17163091968\n",
    "mem_info_vram_used": "5368709120\n",
    "hwmon/hwmon3/name": "amdgpu\n",
    "hwmon/hwmon3/temp1_label": "edge\n",
    "hwmon/hwmon3/temp1_input": "56000\n",
    "hwmon/hwmon3/temp2_label": "junction\n",
    "hwmon/hwmon3/temp2_input": "71000\n",
    "hwmon/hwmon3/temp3_label": "mem\n",
    "hwmon/hwmon3/temp3_input": "84000\n",
    "hwmon/hwmon3/power1_average": "118000000\n",
    "hwmon/hwmon3/pwm1": "127\n",
    "hwmon/hwmon3/pwm1_max": "255\n",
    "hwmon/hwmon3/fan1_input": "1602\n",
    "hwmon/hwmon3/freq1_input": "1325000000\n",
    "hwmon/hwmon3/freq2_input": "1075000000\n",
}
"""A card of 2020 with all that its driver can show."""

POLARIS = {
    "vendor": "0x1002\n",
    "device": "0x67df\n",
    "vbios_version": "113-1E3660U-O51\n",
    "gpu_busy_percent": "100\n",
    "mem_info_vram_total": "8589934592\n",
    "mem_info_vram_used": "4294967296\n",
    "hwmon/hwmon1/temp1_label": "edge\n",
    "hwmon/hwmon1/temp1_input": "62000\n",
    "hwmon/hwmon1/power1_input": "92041000\n",
    "hwmon/hwmon1/fan1_input": "1800\n",
    "hwmon/hwmon1/fan1_max": "3600\n",
    "hwmon/hwmon1/freq1_input": "1150000000\n",
    "hwmon/hwmon1/freq2_input": "2000000000\n",
}
"""A card of 2017 on a new Linux: no number of its own, one sensor, the other file for its power."""

ARC_XE = {
    "vendor": "0x8086\n",
    "device": "0xe20b\n",
    "tile0/gt0/freq0/act_freq": "2450\n",
    "hwmon/hwmon5/name": "xe\n",
    "hwmon/hwmon5/energy1_label": "card\n",
    "hwmon/hwmon5/energy1_input": "1000000000\n",
    "hwmon/hwmon5/energy2_label": "pkg\n",
    "hwmon/hwmon5/energy2_input": "700000000\n",
    "hwmon/hwmon5/temp2_label": "pkg\n",
    "hwmon/hwmon5/temp2_input": "55000\n",
    "hwmon/hwmon5/temp3_label": "vram\n",
    "hwmon/hwmon5/temp3_input": "62000\n",
}
"""A card of 2024 with the driver xe."""

ARC_I915 = {
    "vendor": "0x8086\n",
    "device": "0x56a0\n",
    "hwmon/hwmon2/name": "i915\n",
    "hwmon/hwmon2/energy1_input": "5000000\n",
}
"""A card of 2022 with the driver i915, whose clock lies beside the device."""

INTEGRATED = {"vendor": "0x8086\n", "device": "0x9bc5\n"}
"""Graphics inside a processor of Intel's."""
