"""What one collector read: values, specs, cards, what is mined, and what could not be read and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from wire.messages import Device, Mining, series_name

Spec = str | int | tuple[str, ...]
Vendor = Literal["nvidia", "amd", "intel"]


class CardReading(NamedTuple):
    """One card as a supervisor judges it; `device` is its id. None: not read this time."""

    device: str
    address: str | None
    temperature_c: float | None
    memory_temperature_c: float | None
    load_pct: float | None


class Gap(NamedTuple):
    """Cards of this vendor could not be read, so that one that is missing here is not known to be gone.

    `lost`: the driver says that a card is lost, and not which.
    """

    vendor: Vendor
    reason: str
    lost: bool = False


class CardEvent(NamedTuple):
    """`kind`: gpu_appeared, gpu_gone or gpu_moved; `device` is the card's id, `address` its newest one."""

    kind: Literal["gpu_appeared", "gpu_gone", "gpu_moved"]
    reason: str
    device: str
    address: str | None


@dataclass(frozen=True)
class Reading:
    """`values` by series name in the metric's unit, `unread` reasons by series name or field of Specs.

    `specs` by field of wire's Specs. `mining`: a row for each algorithm and coin at this moment.
    `devices`: the cards; those that could not be read this time are there as last known, once the
    sampler is through. `lost`: PCI address and reason of cards that are not there any more although they
    were, since the machine started. `hung_readings`: how often in a row a graphics driver gave no answer
    in time. `card_events` are told with one reading only, or again when the agent ends before the next.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    specs: Mapping[str, Spec] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    mining: tuple[Mining, ...] = ()
    devices: tuple[Device, ...] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    hung_readings: int = 0
    gaps: tuple[Gap, ...] = ()
    card_events: tuple[CardEvent, ...] = ()

    @property
    def cards(self) -> tuple[CardReading, ...]:
        """Each of the devices with what was read of it."""
        return tuple(
            CardReading(
                each.device,
                each.address,
                self.values.get(series_name("gpu_temperature_c", each.device)),
                self.values.get(series_name("gpu_memory_temperature_c", each.device)),
                self.values.get(series_name("gpu_load_pct", each.device)),
            )
            for each in self.devices
        )


class SourceReport(NamedTuple):
    """How the last reading of one source went: `reason` says why there is none, None when it went well.

    `duration_s`: None while it hangs. `read_at`: epoch seconds of its beginning.
    """

    name: str
    duration_s: float | None
    reason: str | None
    read_at: float


def value_or_reason(name: str, value: float | None, reason: str) -> Reading:
    """One value, or why there is none."""
    return Reading(unread={name: reason}) if value is None else Reading(values={name: value})


def spec_or_reason(name: str, spec: Spec | None, reason: str) -> Reading:
    """One spec, or why it is not known; empty and 0 mean not known."""
    return Reading(specs={name: spec}) if spec else Reading(unread={name: reason})


def merged(*readings: Reading) -> Reading:
    """All of them as one; what was not read counts as such even if another has it."""
    return Reading(
        values={name: value for each in readings for name, value in each.values.items()},
        specs={name: spec for each in readings for name, spec in each.specs.items()},
        unread={name: reason for each in readings for name, reason in each.unread.items()},
        mining=tuple(row for each in readings for row in each.mining),
        devices=tuple(device for each in readings for device in each.devices),
        lost={address: reason for each in readings for address, reason in each.lost.items()},
        hung_readings=max((each.hung_readings for each in readings), default=0),
        gaps=tuple(gap for each in readings for gap in each.gaps),
        card_events=tuple(event for each in readings for event in each.card_events),
    )
