"""Remembers the cards last seen, across restarts, and tells which are new, gone or in another slot."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from edge_sentry.reading import CardEvent, Reading, Vendor
from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import Unreadable, load
from wire.messages import Device

_NAME = "cards.json"
_VENDORS: tuple[Vendor, ...] = ("nvidia", "amd", "intel")
# A change counts when so many readings in a row have shown it: a card that is being reset comes back.
SURE_AFTER = 3
_GONE = "is not there any more"

log = logging.getLogger(__name__)


class Memory(msgspec.Struct, frozen=True):
    """The file. `vendors`: of which all cards were read at least once.

    `lost`: PCI address and reason of cards that went away since the machine started as `boot`.
    """

    cards: dict[str, Device] = {}
    vendors: tuple[str, ...] = ()
    lost: dict[str, str] = {}
    boot: str = ""


class RigCards:
    """The cards of one machine. Raises nothing: a full disk is told once and hinders no reading."""

    def __init__(self, folder: Path, boot: str) -> None:
        """`boot` is another after each start of the machine, "" where the system does not tell."""
        self._path = folder / _NAME
        self._saved = _loaded(self._path)
        same = boot != "" and self._saved.boot == boot
        lost = self._saved.lost if same else {}
        self._memory = msgspec.structs.replace(self._saved, lost=lost, boot=boot)
        self._here_since_boot = set(self._saved.cards) if same else set()
        self._suspected: dict[CardEvent, int] = {}
        self._failed = False

    def completed(self, reading: Reading) -> Reading:
        """With the cards that are there but could not be read, those that are lost, and the events.

        What was told with the reading before is taken as kept by whoever got it: the file follows then.
        """
        self._save()
        here = {card.device: card for card in reading.devices}
        gaps = {gap.vendor for gap in reading.gaps}
        self._here_since_boot |= here.keys()
        self._learn(here, gaps)
        events = self._sure(here, gaps)
        for event in events:
            self._apply(event, here)
        self._forget_lost(reading)
        absent = tuple(card for id_, card in self._memory.cards.items() if id_ not in here)
        return replace(
            reading,
            devices=(*reading.devices, *absent),
            lost={**self._memory.lost, **_nameless(reading, absent), **reading.lost},
            card_events=events,
        )

    def _learn(self, here: dict[str, Device], gaps: set[Vendor]) -> None:
        """Of a vendor whose cards are all read for the first time, none is news.

        Neither is what a new driver or VBIOS says of a card in its old place.
        """
        new = [vendor for vendor in _VENDORS if vendor not in gaps and vendor not in self._memory.vendors]
        cards = dict(self._memory.cards)
        for id_, card in here.items():
            before = cards.get(id_)
            if card.vendor in new if before is None else before.address == card.address:
                cards[id_] = card
        vendors = (*self._memory.vendors, *new)
        self._memory = msgspec.structs.replace(self._memory, cards=cards, vendors=vendors)

    def _sure(self, here: dict[str, Device], gaps: set[Vendor]) -> tuple[CardEvent, ...]:
        changes = (*self._changes_here(here), *self._changes_gone(here, gaps))
        self._suspected = {event: self._suspected.get(event, 0) + 1 for event in changes}
        return tuple(event for event, times in self._suspected.items() if times >= SURE_AFTER)

    def _changes_here(self, here: dict[str, Device]) -> Iterator[CardEvent]:
        for id_, card in here.items():
            before = self._memory.cards.get(id_)
            if before is None and card.vendor in self._memory.vendors:
                yield CardEvent("gpu_appeared", f"{_called(card)} is new", id_, card.address)
            elif before is not None and before.address != card.address:
                reason = f"{_called(card)} was at {before.address} before"
                yield CardEvent("gpu_moved", reason, id_, card.address)

    def _changes_gone(self, here: dict[str, Device], gaps: set[Vendor]) -> Iterator[CardEvent]:
        for id_, card in self._memory.cards.items():
            if id_ not in here and card.vendor not in gaps:
                yield CardEvent("gpu_gone", f"{_called(card)} {_GONE}", id_, card.address)

    def _apply(self, event: CardEvent, here: dict[str, Device]) -> None:
        """A card that was taken out while the machine was off is gone, but nobody's trouble."""
        cards = {id_: card for id_, card in self._memory.cards.items() if id_ != event.device}
        lost = dict(self._memory.lost)
        if event.device in here:
            cards[event.device] = here[event.device]
        elif event.address is not None and event.device in self._here_since_boot:
            lost[event.address] = f"the card {_GONE}"
        self._memory = msgspec.structs.replace(self._memory, cards=cards, lost=lost)

    def _forget_lost(self, reading: Reading) -> None:
        """Where a card is, none is missing."""
        taken = {card.address for card in reading.devices}
        lost = {address: why for address, why in self._memory.lost.items() if address not in taken}
        self._memory = msgspec.structs.replace(self._memory, lost=lost)

    def _save(self) -> None:
        """A machine that never had a card has no file."""
        if self._memory == self._saved or not (self._memory.cards or self._saved.cards):
            return
        try:
            replace_file(self._path, msgspec.json.encode(self._memory), durable=True)
        except OSError as error:
            if not self._failed:
                log.warning("Cannot remember the cards: %s", error.strerror)
            self._failed = True
        else:
            self._saved, self._failed = self._memory, False


def _nameless(reading: Reading, absent: tuple[Device, ...]) -> dict[str, str]:
    """Cards that the driver calls lost without saying which: those of its vendor that are not here."""
    reasons = {gap.vendor: gap.reason for gap in reading.gaps if gap.lost}
    return {
        card.address: reasons[card.vendor]
        for card in absent
        if card.address is not None and card.vendor is not None and card.vendor in reasons
    }


def _called(card: Device) -> str:
    return f"{card.name or card.device} at {card.address or 'an unknown address'}"


def _loaded(path: Path) -> Memory:
    """Nothing remembered where there is nothing readable: then no card is news."""
    try:
        return load(path, Memory) or Memory()
    except Unreadable as error:
        log.warning("Cannot read what cards there were: %s", error)
        return Memory()
