"""What reports say of a machine beside its samples: told once, told again when it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import msgspec

from wire.messages import MachineReport, Mining, Specs, Unread

Mined = frozenset[tuple[str, str | None]]
"""The algorithms and coins that are mined, without how fast."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class _Present:
    """What the newest sample showed."""

    specs: Specs | None = None
    unread: tuple[Unread, ...] = ()
    mining: tuple[Mining, ...] = ()


@dataclass(frozen=True)
class _Known:
    """What the commander was told; None: nothing yet."""

    specs: Specs | None = None
    unread: tuple[Unread, ...] | None = None
    mined: Mined | None = None


class Telling:
    """Two threads may use it: one describes, one sends."""

    def __init__(self) -> None:
        self._present = _Present()
        self._known = _Known()
        self._unwanted: Mined | None = None

    def describe(self, specs: Specs | None, unread: tuple[Unread, ...], mining: tuple[Mining, ...]) -> None:
        """Takes what the newest sample showed."""
        self._present = _Present(specs, unread, mining)

    @property
    def changed(self) -> bool:
        """Whether the machine is not as it was told: other parts, other reasons, something else mined.

        Numbers within a reason are figures and no change. Nothing was told yet: no change either.
        """
        present, known = self._present, self._known
        if known.unread is None:
            return False
        return (
            present.specs != known.specs
            or mined(self._wanted(present)) != known.mined
            or (present.unread != known.unread and _outline(present.unread) != _outline(known.unread))
        )

    def added_to(self, part: MachineReport) -> MachineReport:
        """The newest state with all that the commander does not know of it."""
        present, known = self._present, self._known
        return msgspec.structs.replace(
            part,
            specs=present.specs if present.specs != known.specs else None,
            unread=present.unread if present.unread != known.unread else None,
            mining=self._wanted(present),
        )

    def note_told(self, part: MachineReport) -> None:
        """The commander has stored this part of a report."""
        if part.open is None:
            return
        known = self._known
        self._known = _Known(
            known.specs if part.specs is None else part.specs,
            known.unread if part.unread is None else part.unread,
            mined(part.mining),
        )

    def note_refused(self, part: MachineReport, field: str) -> bool:
        """Whether `field` was added here; if so it is not said again: each later report would be refused."""
        if ".specs" in field:
            self._known = replace(self._known, specs=part.specs)
        elif ".unread" in field:
            self._known = replace(self._known, unread=part.unread)
        elif ".mining" in field:
            self._unwanted = mined(part.mining)
        else:
            return False
        return True

    def forget(self) -> None:
        """A new epoch: the commander knows nothing."""
        self._known = _Known()

    def _wanted(self, present: _Present) -> tuple[Mining, ...]:
        return () if mined(present.mining) == self._unwanted else present.mining


def mined(rows: tuple[Mining, ...]) -> Mined:
    """What is mined, whatever the hashrates."""
    return frozenset((row.algorithm, row.coin) for row in rows)


def _outline(unread: tuple[Unread, ...]) -> set[tuple[str, str]]:
    return {(each.part, _NUMBER.sub("#", each.reason)) for each in unread}
