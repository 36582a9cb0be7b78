"""Cards as Linux shows them in /sys/class/drm: files with one text or number each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from edge_sentry.cards.figures import Figures
from edge_sentry.cards.identity import CardFacts, normal_address

DRM = Path("/sys/class/drm")


@dataclass(frozen=True)
class DrmCard:
    """`node` is the folder "card0", `device` that of the card on its bus, `sensors` its hwmon's."""

    node: Path
    device: Path
    sensors: Path

    @property
    def address(self) -> str | None:
        """On the PCI bus; None for a card that is on another."""
        return normal_address(self.device.name)

    @property
    def driver(self) -> str | None:
        """The kernel's module, such as "amdgpu"."""
        return (self.device / "driver").resolve().name if (self.device / "driver").exists() else None

    def name(self, maker: str) -> str:
        """By its own word, else maker and number as in "AMD 0x73bf"."""
        return text_of(self.device / "product_name") or f"{maker} {text_of(self.device / 'device')}"


def cards_of(root: Path, maker: str) -> list[DrmCard]:
    """Those of one maker, by its PCI number as in "0x1002", that have a sensor; in the order of their slots.

    Graphics inside a processor has none of its own (Intel), or heats and draws like a card (AMD); what
    neither heats nor draws is nothing to watch.
    """
    cards = [card for node in sorted(root.glob("card*")) if (card := _card(node, maker)) is not None]
    return sorted(cards, key=lambda card: card.device.name)


class Known:
    """Keeps what does not change of the cards, by their slots: a file that fails once changes no identity."""

    def __init__(self, tell: Callable[[DrmCard], CardFacts]) -> None:
        self._tell = tell
        self._facts: dict[tuple[Path, str | None], CardFacts] = {}

    def facts(self, card: DrmCard) -> CardFacts:
        """As first told of the card in this slot."""
        slot = (card.device, text_of(card.device / "device"))
        if slot not in self._facts:
            self._facts[slot] = self._tell(card)
        return self._facts[slot]


def read_into(figures: Figures, metric: str, files: Iterable[Path], scale: float = 1) -> None:
    """From the first of the files that is there."""
    try:
        number = first_number(files)
    except (OSError, ValueError) as error:
        figures.unread[metric] = reason_of(error)
    else:
        figures.note(metric, None if number is None else number * scale)


def first_number(files: Iterable[Path]) -> int | None:
    """Of the first of the files that is there; raises OSError and ValueError for one that says nothing."""
    for file in files:
        try:
            return int(file.read_text(encoding="ascii"), 0)
        except FileNotFoundError:
            continue
    return None


def text_of(file: Path) -> str | None:
    """What it says, None where it says nothing."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip().strip("\0") or None
    except OSError:
        return None


def size_of(file: Path) -> int | None:
    """A number of bytes, None where it is not told."""
    try:
        return first_number((file,))
    except (OSError, ValueError):
        return None


def reason_of(error: OSError | ValueError) -> str:
    """In words that stay the same as long as the trouble does."""
    if isinstance(error, PermissionError):
        return "permission denied"
    if isinstance(error, OSError) and error.errno is not None:
        return f"its driver says: {os.strerror(error.errno)}"
    return "its driver says something that is no number"


def labelled(sensors: Path, kind: str) -> dict[str, Path]:
    """The inputs of one kind ("temp", "energy") by their labels; without one by their file's name."""
    return {
        text_of(file.with_name(file.name.replace("_input", "_label"))) or file.name: file
        for file in sorted(sensors.glob(f"{kind}*_input"))
    }


def _card(node: Path, maker: str) -> DrmCard | None:
    if not node.name[4:].isdigit() or text_of(node / "device" / "vendor") != maker:
        return None
    for sensors in sorted((node / "device" / "hwmon").glob("hwmon*")):
        if any(True for kind in ("temp", "power", "energy") for _ in sensors.glob(f"{kind}[0-9]*_*")):
            return DrmCard(node, (node / "device").resolve(), sensors)
    return None
