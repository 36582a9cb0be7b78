"""Whether NVIDIA's driver is there, and whether a card is there that would need it: by looking at files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PCI = "0x10de"
_DISPLAY = "0x03"


class Driver:
    """Looks below `root`; that costs microseconds, but `card_present` reads a few hundred files."""

    def __init__(self, root: Path = Path("/"), platform: str = sys.platform) -> None:
        self._root = root
        self._platform = platform

    def present(self) -> bool:
        """Whether it is worth asking NVML."""
        places = _windows() if self._platform == "win32" else self._linux()
        return any(place.exists() for place in places)

    def card_present(self) -> bool:
        """Whether a card of NVIDIA's is plugged in; False where the system does not tell."""
        return any(map(_is_card, (self._root / "sys/bus/pci/devices").glob("*")))

    def _linux(self) -> tuple[Path, ...]:
        # The second is that of Linux within Windows.
        return (
            self._root / "proc/driver/nvidia/version",
            self._root / "usr/lib/wsl/lib/libnvidia-ml.so.1",
        )


def _windows() -> tuple[Path, ...]:
    system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
    programs = Path(os.environ.get("PROGRAMFILES", r"C:\Program Files"))
    return (
        system / "System32" / "nvml.dll",
        programs / "NVIDIA Corporation" / "NVSMI" / "nvml.dll",
    )


def _is_card(device: Path) -> bool:
    """Not its sound or USB part."""
    try:
        maker, kind = ((device / name).read_text(encoding="ascii") for name in ("vendor", "class"))
    except (OSError, ValueError):
        return False
    return maker.strip() == _PCI and kind.startswith(_DISPLAY)
