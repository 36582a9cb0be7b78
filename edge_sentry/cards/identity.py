"""Who a card is: an id that goes with the card and not with its slot, wherever the card tells its UUID."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from edge_sentry.reading import Vendor
from wire.messages import Device

_LONGEST = 200
_MOST_BYTES = 2**60
_ADDRESS = re.compile(r"([0-9a-f]{1,8}):([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])", re.IGNORECASE)


@dataclass(frozen=True)
class CardFacts:
    """What a driver says of a card and what does not change while it runs; None: not told."""

    vendor: Vendor
    name: str | None = None
    address: str | None = None
    uuid: str | None = None
    vbios: str | None = None
    driver: str | None = None
    memory_bytes: int | None = None


def identified(cards: Iterable[CardFacts]) -> tuple[Device, ...]:
    """The same cards in the same order, each with an id of its own."""
    taken: set[str] = set()
    devices = []
    for facts in cards:
        device = _free(device_id(facts), taken)
        taken.add(device)
        devices.append(_device(device, facts))
    return tuple(devices)


def device_id(facts: CardFacts) -> str:
    """Of the UUID, else of all else that tells cards apart."""
    known = facts.uuid or "\n".join((facts.address or "", facts.name or "", facts.vbios or ""))
    return "gpu-" + hashlib.sha256(known.encode()).hexdigest()[:12]


def normal_address(text: str) -> str | None:
    """As in "0000:01:00.0" from what NVML and sysfs write; None for what is no PCI address."""
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        return None
    domain, bus, slot = (int(part, 16) for part in match.groups()[:3])
    return f"{domain:04x}:{bus:02x}:{slot:02x}.{match[4]}"


def _free(device: str, taken: set[str]) -> str:
    """Makers have sold cards with one UUID for all of them; they then go by their order."""
    candidates = (f"{device}-{number}" if number > 1 else device for number in range(1, len(taken) + 2))
    return next(each for each in candidates if each not in taken)


def _device(device: str, facts: CardFacts) -> Device:
    size = facts.memory_bytes
    return Device(
        device,
        name=_cut(facts.name),
        vendor=facts.vendor,
        address=_cut(facts.address),
        uuid=_cut(facts.uuid),
        vbios=_cut(facts.vbios),
        driver=_cut(facts.driver),
        memory_bytes=size if size is not None and 0 < size < _MOST_BYTES else None,
    )


def _cut(text: str | None) -> str | None:
    return text[:_LONGEST] if text else None
