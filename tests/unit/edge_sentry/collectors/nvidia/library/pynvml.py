"""A stand-in for NVIDIA's package: says what the JSON file named by STAND_IN_NVML says, by its functions.

In the file a value may be `{"error": code}`, `{"bytes": text}`, `{"print": text}`, `{"exit": status}`,
`{"signal": number}`, `{"hang": seconds}` or, while no other thread runs either, `{"stuck": seconds}`. It
is read anew with each question for the number of cards.
"""

from __future__ import annotations

import ctypes
import json
import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

NVML_SUCCESS = 0
NVML_ERROR_NOT_SUPPORTED = 3
NVML_ERROR_NO_PERMISSION = 4
NVML_ERROR_DRIVER_NOT_LOADED = 9
NVML_ERROR_LIBRARY_NOT_FOUND = 12
NVML_ERROR_FUNCTION_NOT_FOUND = 13
NVML_ERROR_GPU_IS_LOST = 15
NVML_ERROR_RESET_REQUIRED = 16
NVML_ERROR_LIB_RM_VERSION_MISMATCH = 18
NVML_TEMPERATURE_GPU = 0
NVML_CLOCK_GRAPHICS = 0
NVML_CLOCK_MEM = 2
NVML_FI_DEV_MEMORY_TEMP = 82

_file = Path(os.environ["STAND_IN_NVML"])
_told: dict[str, Any] = json.loads(_file.read_text())


class NVMLError(Exception):
    """As the real one: with its code."""

    def __init__(self, value: int) -> None:
        super().__init__(value)
        self.value = value

    def __str__(self) -> str:
        return f"NVML Error with code {self.value}"


def _played(value: Any) -> Any:
    match value:
        case {"error": code}:
            raise NVMLError(code)
        case {"bytes": text}:
            return text.encode()
        case {"print": text}:
            os.write(1, text.encode())
            return 0
        case {"exit": status}:
            os._exit(status)
        case {"signal": number}:
            os.kill(os.getpid(), number)
        case {"hang": seconds}:
            time.sleep(seconds)
        case {"stuck": seconds}:
            ctypes.PyDLL(None).sleep(seconds)
    return value


def _card(index: int, name: str) -> Any:
    return _played(_told["cards"][index].get(name, {"error": NVML_ERROR_FUNCTION_NOT_FOUND}))


def nvmlInit() -> None:  # noqa: N802 - NVML's own names, here and below
    _played(_told.get("nvmlInit"))


def nvmlDeviceGetCount() -> int:  # noqa: N802
    _told.update(json.loads(_file.read_text()))
    _played(_told.get("nvmlDeviceGetCount"))
    return len(_told["cards"])


def nvmlSystemGetDriverVersion() -> Any:  # noqa: N802
    return _played(_told["nvmlSystemGetDriverVersion"])


def nvmlDeviceGetHandleByIndex(index: int) -> int:  # noqa: N802
    _played(_told["cards"][index].get("nvmlDeviceGetHandleByIndex"))
    return index


def nvmlDeviceGetPciInfo(handle: int) -> Any:  # noqa: N802
    return SimpleNamespace(busId=_card(handle, "nvmlDeviceGetPciInfo"))


def nvmlDeviceGetMemoryInfo(handle: int) -> Any:  # noqa: N802
    return SimpleNamespace(**_card(handle, "nvmlDeviceGetMemoryInfo"))


def nvmlDeviceGetUtilizationRates(handle: int) -> Any:  # noqa: N802
    return SimpleNamespace(**_card(handle, "nvmlDeviceGetUtilizationRates"))


def nvmlDeviceGetClockInfo(handle: int, kind: int) -> Any:  # noqa: N802
    return _card(handle, "nvmlDeviceGetClockInfo")[str(kind)]


def nvmlDeviceGetFanSpeed_v2(handle: int, fan: int) -> Any:  # noqa: N802
    return _card(handle, "nvmlDeviceGetFanSpeed_v2")[fan]


def nvmlDeviceGetTemperature(handle: int, _sensor: int) -> Any:  # noqa: N802
    return _card(handle, "nvmlDeviceGetTemperature")


def nvmlDeviceGetFieldValues(handle: int, fields: list[int]) -> Any:  # noqa: N802
    value = _card(handle, "nvmlDeviceGetFieldValues")[str(fields[0])]
    return [SimpleNamespace(nvmlReturn=value["nvmlReturn"], value=SimpleNamespace(uiVal=value["uiVal"]))]


def __getattr__(name: str) -> Any:
    """The functions that take a card alone."""
    if not name.startswith("nvmlDeviceGet"):
        raise AttributeError(name)
    return lambda handle: _card(handle, name)
