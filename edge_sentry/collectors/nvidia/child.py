"""Answers with what NVIDIA's cards say, one line of JSON for each number on standard input, until it closes.

A program of its own, run by its path, since a card that is lost can hang or crash whoever asks the
driver. It imports nothing of ours, so that it stays small and starts fast.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

_NOT_SUPPORTED = "not supported by this card"
# By the name of NVML's code: what to do about it, where somebody can do something.
_ADVICE = {
    "NVML_ERROR_NO_PERMISSION": "permission denied: the agent's user may not use the cards",
    "NVML_ERROR_DRIVER_NOT_LOADED": "its driver is not loaded",
    "NVML_ERROR_LIBRARY_NOT_FOUND": "its driver comes without the library NVML: install that",
    "NVML_ERROR_GPU_IS_LOST": "the card is lost: it fell off the bus",
    "NVML_ERROR_RESET_REQUIRED": "the card must be reset: restart the machine",
    "NVML_ERROR_LIB_RM_VERSION_MISMATCH": (
        "its driver and library differ in version, as after an update: restart the machine"
    ),
}
_PR_SET_PDEATHSIG = 1
_UNSUPPORTED = ("NVML_ERROR_NOT_SUPPORTED", "NVML_ERROR_FUNCTION_NOT_FOUND")

Told = dict[str, Any]


class Nvml:
    """The library, asked for everything at once; it is loaded with the first question."""

    def __init__(self) -> None:
        self._nvml: Any = None
        self._ready = False
        self._fixed: dict[int, Told] = {}

    def answer(self) -> Told:
        """`cards`, or as `failure` why there are none; raises nothing that Python can catch."""
        try:
            self._start()
            count = self._nvml.nvmlDeviceGetCount()
            driver = text(self._nvml.nvmlSystemGetDriverVersion())
        except ImportError:
            return {"failure": "the package nvidia-ml-py is not installed"}
        except Exception as error:  # noqa: BLE001 - whatever it is, the agent says it
            return {"failure": self._reason(error)}
        return {"driver": driver, "cards": [self._card(index) for index in range(count)]}

    def _start(self) -> None:
        if not self._ready:
            import pynvml  # noqa: PLC0415 - may be missing, and loads the driver's library

            self._nvml = pynvml  # its codes are needed to say why it does not start
            pynvml.nvmlInit()
            self._ready = True

    def _card(self, index: int) -> Told:
        """`fixed` is what does not change, as first told; without it nobody knows which card it is."""
        card: Told = {"fixed": self._fixed.get(index), "values": {}, "unread": {}}
        try:
            handle = self._nvml.nvmlDeviceGetHandleByIndex(index)
            if card["fixed"] is None:
                card["fixed"] = self._fixed[index] = self._told(handle)
        except Exception as error:  # noqa: BLE001 - as above
            return {**card, **self._failed(error)}
        for metric, ask in FIGURES.items():
            try:
                card["values"][metric] = ask(self._nvml, handle)
            except Exception as error:  # noqa: BLE001 - as above
                if self._is(error, "NVML_ERROR_GPU_IS_LOST"):
                    return {**card, "values": {}, **self._failed(error)}
                card["unread"][metric] = self._reason(error)
        return card

    def _failed(self, error: Exception) -> Told:
        reason = self._reason(error)
        lost = self._is(error, "NVML_ERROR_GPU_IS_LOST")
        return {"failure": reason, "lost": lost, "unread": dict.fromkeys(FIGURES, reason)}

    def _told(self, handle: object) -> Told:
        return {name: self._if_supported(ask, handle) for name, ask in FIXED.items()}

    def _if_supported(self, ask: Callable[[Any, Any], object], handle: object) -> object:
        try:
            return ask(self._nvml, handle)
        except Exception as error:
            if self._is(error, *_UNSUPPORTED):
                return None
            raise

    def _is(self, error: Exception, *names: str) -> bool:
        code = getattr(error, "value", None)
        return code is not None and code in [getattr(self._nvml, name, None) for name in names]

    def _reason(self, error: Exception) -> str:
        if self._is(error, *_UNSUPPORTED) or isinstance(error, AttributeError):
            return _NOT_SUPPORTED
        known = [advice for name, advice in _ADVICE.items() if self._is(error, name)]
        return known[0] if known else f"its driver says: {error}"[:200]


def text(told: Any) -> str:
    """Also from bytes, as some versions of the library have them in some places."""
    return told.decode(errors="replace") if isinstance(told, bytes) else str(told)


def _fan_pct(nvml: Any, handle: Any) -> float:
    """The mean of its fans; drivers of old tell of one only."""
    try:
        fans = range(nvml.nvmlDeviceGetNumFans(handle))
        speeds = [nvml.nvmlDeviceGetFanSpeed_v2(handle, fan) for fan in fans]
    except nvml.NVMLError as error:
        if error.value != nvml.NVML_ERROR_FUNCTION_NOT_FOUND:
            raise
        speeds = []
    return float(sum(speeds) / len(speeds) if speeds else nvml.nvmlDeviceGetFanSpeed(handle))


def _memory_temperature_c(nvml: Any, handle: Any) -> float:
    field = nvml.nvmlDeviceGetFieldValues(handle, [nvml.NVML_FI_DEV_MEMORY_TEMP])[0]
    if field.nvmlReturn != nvml.NVML_SUCCESS:
        raise nvml.NVMLError(field.nvmlReturn)
    return float(field.value.uiVal)


FIXED: dict[str, Callable[[Any, Any], object]] = {
    "uuid": lambda nvml, handle: text(nvml.nvmlDeviceGetUUID(handle)),
    "address": lambda nvml, handle: text(nvml.nvmlDeviceGetPciInfo(handle).busId),
    "name": lambda nvml, handle: text(nvml.nvmlDeviceGetName(handle)),
    "vbios": lambda nvml, handle: text(nvml.nvmlDeviceGetVbiosVersion(handle)),
    "memory_bytes": lambda nvml, handle: int(nvml.nvmlDeviceGetMemoryInfo(handle).total),
}

FIGURES: dict[str, Callable[[Any, Any], float]] = {
    "gpu_temperature_c": lambda nvml, handle: nvml.nvmlDeviceGetTemperature(
        handle, nvml.NVML_TEMPERATURE_GPU
    ),
    "gpu_memory_temperature_c": _memory_temperature_c,
    "gpu_fan_pct": _fan_pct,
    "gpu_power_w": lambda nvml, handle: nvml.nvmlDeviceGetPowerUsage(handle) / 1000,
    "gpu_core_clock_hz": lambda nvml, handle: (
        nvml.nvmlDeviceGetClockInfo(handle, nvml.NVML_CLOCK_GRAPHICS) * 1e6
    ),
    "gpu_memory_clock_hz": lambda nvml, handle: (
        nvml.nvmlDeviceGetClockInfo(handle, nvml.NVML_CLOCK_MEM) * 1e6
    ),
    "gpu_load_pct": lambda nvml, handle: nvml.nvmlDeviceGetUtilizationRates(handle).gpu,
    "gpu_memory_used_bytes": lambda nvml, handle: nvml.nvmlDeviceGetMemoryInfo(handle).used,
}
"""By metric, in its unit; each raises NVML's errors. The hot spot is not in NVML."""


def main() -> None:
    """Ends when whoever asks has ended. What the library prints does not get among the answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the agent, which still wants an answer
    die_with(int(sys.argv[1]) if len(sys.argv) > 1 else os.getppid())
    questions: SimpleQueue[int] = SimpleQueue()
    threading.Thread(target=_take, args=(questions,), daemon=True).start()
    nvml = Nvml()
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        while True:
            answers.write(json.dumps({"number": questions.get(), **nvml.answer()}).encode() + b"\n")
            answers.flush()


def die_with(parent: int) -> None:
    """Where the library hangs for good and lets no thread of Python's run, only the kernel can end us."""
    if sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError):
        import ctypes  # noqa: PLC0415 - not everywhere

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we asked for that
        os._exit(0)


def _take(questions: SimpleQueue[int]) -> None:
    """Until nobody can ask any more: that ends us even while the library hangs."""
    try:
        while line := sys.stdin.buffer.readline():
            questions.put(int(line))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
