"""What reports say of a machine beside its samples: told once, told again when it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import msgspec

from wire.messages import MachineReport, Mining, Program, Specs, Unread
from wire.uplink.news import Bulletin, News, NoNews

Mined = frozenset[tuple[str, str | None]]
"""The algorithms and coins that are mined, without how fast."""
Standing = frozenset[tuple[str, str, str, bool]]
"""Where each program stands, without its figures."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class _Present:
    """What the newest sample showed."""

    specs: Specs | None = None
    unread: tuple[Unread, ...] = ()
    mining: tuple[Mining, ...] = ()
    programs: tuple[Program, ...] = ()


@dataclass(frozen=True)
class _Known:
    """What the commander was told; None: nothing yet."""

    specs: Specs | None = None
    unread: tuple[Unread, ...] | None = None
    mined: Mined | None = None
    standing: Standing | None = None


class Telling:
    """Two threads may use it: one describes, one sends."""

    def __init__(self, news: News | None = None) -> None:
        self.bulletin = Bulletin(news or NoNews())
        self._present = _Present()
        self._known = _Known()
        self._unwanted: Mined | None = None
        self._unwanted_programs: Standing | None = None

    def describe(
        self,
        specs: Specs | None,
        unread: tuple[Unread, ...],
        mining: tuple[Mining, ...],
        programs: tuple[Program, ...] = (),
    ) -> None:
        """Takes what the newest sample showed."""
        self._present = _Present(specs, unread, mining, programs)

    @property
    def changed(self) -> bool:
        """Whether the machine is not as it was told: other parts or reasons, something else mined, a
        program or its assignment in another state.

        Numbers within a reason are figures and no change. Nothing was told yet: no change either.
        """
        present, known = self._present, self._known
        if known.unread is None:
            return False
        return (
            present.specs != known.specs
            or mined(self._wanted(present)) != known.mined
            or standing(self._wanted_programs(present)) != known.standing
            or self.bulletin.changed
            or (present.unread != known.unread and _outline(present.unread) != _outline(known.unread))
        )

    def added_to(self, part: MachineReport) -> MachineReport:
        """The newest state with all that the commander does not know of it."""
        present, known = self._present, self._known
        described = msgspec.structs.replace(
            part,
            specs=present.specs if present.specs != known.specs else None,
            unread=present.unread if present.unread != known.unread else None,
            mining=self._wanted(present),
            programs=self._wanted_programs(present),
        )
        return self.bulletin.added_to(described)

    def note_told(self, part: MachineReport) -> None:
        """The commander has stored this part of a report."""
        if part.open is None:
            return
        known = self._known
        self._known = _Known(
            known.specs if part.specs is None else part.specs,
            known.unread if part.unread is None else part.unread,
            mined(part.mining),
            standing(part.programs),
        )
        self.bulletin.note_told(part)

    def note_refused(self, part: MachineReport, field: str) -> bool:
        """Whether `field` was added here; if so it is not said again: each later report would be refused."""
        if ".specs" in field:
            self._known = replace(self._known, specs=part.specs)
        elif ".unread" in field:
            self._known = replace(self._known, unread=part.unread)
        elif ".mining" in field:
            self._unwanted = mined(part.mining)
        elif ".programs" in field:
            self._unwanted_programs = standing(part.programs)
        else:
            return self.bulletin.note_refused(part, field)
        return True

    def forget(self) -> None:
        """A new epoch: the commander knows nothing."""
        self._known = _Known()
        self.bulletin.forget()

    def _wanted(self, present: _Present) -> tuple[Mining, ...]:
        return () if mined(present.mining) == self._unwanted else present.mining

    def _wanted_programs(self, present: _Present) -> tuple[Program, ...]:
        return () if standing(present.programs) == self._unwanted_programs else present.programs


def standing(programs: tuple[Program, ...]) -> Standing:
    """Where each program stands, whatever its figures."""
    return frozenset((each.program, each.miner, each.state, each.managed) for each in programs)


def mined(rows: tuple[Mining, ...]) -> Mined:
    """What is mined, whatever the hashrates."""
    return frozenset((row.algorithm, row.coin) for row in rows)


def _outline(unread: tuple[Unread, ...]) -> set[tuple[str, str]]:
    return {(each.part, _NUMBER.sub("#", each.reason)) for each in unread}
