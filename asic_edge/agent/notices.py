"""What devices complain of, and what this edge noticed of them, as events: told once, and once when over."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from asic_edge.errands.outcome import cut
from asic_edge.settings.files import load, save
from asic_edge.settings.folder import SettingsError
from asic_edge.snapshot import Depth, DeviceMessage, Snapshot
from wire.messages import EventLevel, RigEvent

NAME: Final = "notices.json"
KIND: Final = "device_message"
EVENTS_AT_ONCE: Final = 50
EVENTS_KEPT: Final = 200
"""Of one device while nobody takes them; then the oldest are dropped."""
MESSAGES_KEPT: Final = 50
DAMAGED: Final = (
    "The list of what devices complain of was damaged; what they still complain of is told again."
)
_LEVELS = {"error": EventLevel.ALERT, "warning": EventLevel.NOTE}
"""What a device merely notes is on its page and no event."""
_FIGURES = re.compile(r"\d+\.\d+|\d\d+")
"""Such as degrees; of which board or fan is said by one digit."""

Texts = dict[str, str]


class Kept(msgspec.Struct, kw_only=True):
    """The file. `present` by number and key: what a device complained of when it was last asked; `waiting`
    by number: events that the commander does not have.
    """

    next_id: Annotated[int, Meta(ge=1)] = 1
    present: dict[int, Texts] = {}
    waiting: dict[int, tuple[RigEvent, ...]] = {}


class Notices:
    """By the numbers of devices; one event loop alone. `keep` it after each round: events are told once they
    are on disk, so that none is told anew after a kill.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.trouble = ""
        self._changed = False
        try:
            self._kept = load(folder / NAME, Kept, "") or Kept()
        except SettingsError:
            self._kept, self.trouble = Kept(), DAMAGED
        self._safe_id = self._kept.next_id

    def note(self, number: int, read: Snapshot, at: float | None = None) -> None:
        """After each reading; only a full one in which messages were read says what there is and what not.

        `at`: when, where this computer's own clock is known to be wrong.
        """
        if read.depth is not Depth.FULL or any(each.part == "messages" for each in read.unread):
            return
        told = [each for each in read.messages if each.level in _LEVELS][:MESSAGES_KEPT]
        now = {_key(each): each for each in told}
        before = self._kept.present.get(number, {})
        if now.keys() == before.keys():
            return
        at = read.at if at is None else at
        for key in (each for each in before if each not in now):
            self._add(number, at, KIND, before[key], EventLevel.NOTE, over=True)
        for key in (each for each in now if each not in before):
            self._add(number, at, KIND, _text(now[key]), _LEVELS[now[key].level])
        self._kept.present[number] = {key: before.get(key) or _text(each) for key, each in now.items()}
        if not now:
            del self._kept.present[number]

    def tell(self, number: int, at: float, kind: str, text: str, level: EventLevel = EventLevel.NOTE) -> None:
        """What this edge noticed of a device; `kind` as of an event."""
        self._add(number, at, kind, text, level)

    def events(self, number: int) -> tuple[RigEvent, ...]:
        """Those that were not told yet, oldest first, for one report."""
        waiting = self._kept.waiting.get(number, ())
        return tuple(each for each in waiting if each.id < self._safe_id)[:EVENTS_AT_ONCE]

    def told(self, number: int, last: int) -> None:
        """The commander has all up to this id, or will never take them."""
        self._put(number, tuple(each for each in self._kept.waiting.get(number, ()) if each.id > last))

    def forget(self, numbers: Iterable[int]) -> None:
        """Devices that are not in the roster any more."""
        for number in numbers:
            self._put(number, ())
            self._changed = self._kept.present.pop(number, None) is not None or self._changed

    def shift(self, by_s: float) -> None:
        """The times of all that waits were wrong by so much."""
        for number, events in self._kept.waiting.items():
            moved = (msgspec.structs.replace(each, at=max(each.at + by_s, 0.0)) for each in events)
            self._kept.waiting[number] = tuple(moved)
            self._changed = True

    async def keep(self) -> None:
        """On disk, if it changed; `trouble` says why it could not be, and then it is told nevertheless."""
        if not self._changed:
            return
        self._changed, kept = False, self._kept
        content = Kept(next_id=kept.next_id, present=dict(kept.present), waiting=dict(kept.waiting))
        try:
            await asyncio.to_thread(save, self._folder / NAME, content)
            self.trouble = ""
        except SettingsError as error:
            self._changed, self.trouble = True, str(error)
        self._safe_id = content.next_id

    def _add(
        self, number: int, at: float, kind: str, text: str, level: EventLevel, *, over: bool = False
    ) -> None:
        event = RigEvent(self._kept.next_id, max(at, 0.0), kind, cut(text), level, over=over)
        self._kept.next_id += 1
        self._put(number, (*self._kept.waiting.get(number, ()), event)[-EVENTS_KEPT:])

    def _put(self, number: int, waiting: tuple[RigEvent, ...]) -> None:
        if waiting == self._kept.waiting.get(number, ()):
            return
        self._changed = True
        if waiting:
            self._kept.waiting[number] = waiting
        else:
            del self._kept.waiting[number]


def _key(message: DeviceMessage) -> str:
    """What makes it the same complaint the next time, whatever figures stand in it."""
    text = _FIGURES.sub("#", message.text).strip().lower()
    code = "" if message.code is None else f"{message.code} "
    return f"{code}{text}"[:64]


def _text(message: DeviceMessage) -> str:
    told = message.code is None or str(message.code) in message.text
    return message.text if told else f"{message.text} (code {message.code})"
