"""What is done about a report that is refused: the part that it is refused for is dropped, the rest goes."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Final

import msgspec

from asic_edge.agent.backlog import Backlog
from asic_edge.agent.parcels import LEAST_BYTES, Parcel, Room
from asic_edge.agent.registry import Registry
from asic_edge.agent.telling import Newest, Telling
from wire.edge import EdgeState, batch_of
from wire.messages import MachineReport
from wire.uplink.failure import FailureKind, UplinkFailure

_REFUSALS: Final = frozenset({FailureKind.REFUSED, FailureKind.TOO_LARGE, FailureKind.CLOCK_AHEAD})
_PLACE = re.compile(r"machines\[(\d+)\](.*)")
_BLOCK = re.compile(r"\.blocks\[(\d+)\]")

log = logging.getLogger(__name__)


def is_refusal(failure: UplinkFailure) -> bool:
    """Nothing of it was stored, and the same would be refused again."""
    return failure.kind in _REFUSALS


class Refusals:
    """Each refusal takes something out of what is sent next, so that there is always an end to it."""

    def __init__(self, backlog: Backlog, registry: Registry, telling: Telling) -> None:
        self._backlog, self._registry, self._telling = backlog, registry, telling
        self._unknown: set[str] = set()
        self._barred: set[str] = set()
        self._skipped: set[str] = set()
        self._edge_fields: set[str] = set()
        self.edge_is_barred = False

    def allows(self, state: Newest) -> bool:
        """Whether the newest state of this machine may be told."""
        return state.machine not in self._skipped and state.machine not in self._barred

    def machine_of(self, number: int) -> str | None:
        """Whose blocks are to be sent; None: they wait for a seat."""
        seat = self._registry.seats.get(number)
        return None if seat is None else seat.machine

    def knows(self, number: int) -> bool:
        """Whether blocks of it can ever arrive."""
        return self._registry.knows(number) and self.machine_of(number) not in self._barred

    def spared(self, edge: EdgeState | None) -> EdgeState | None:
        """Without what the commander does not take of it."""
        if edge is None or self.edge_is_barred:
            return None
        gone = {name: None if name == "found" else () for name in self._edge_fields}
        return msgspec.structs.replace(edge, **gone) if gone else edge

    def seats_changed(self) -> None:
        """What the commander did not know it may know now."""
        self._barred.clear()

    def accepted(self) -> None:
        """A report was."""
        self._unknown.clear()

    def forgive(self) -> None:
        """A round has ended: what was refused of the former one may be all right now."""
        self._skipped.clear()
        self.edge_is_barred = False

    def skip(self, parts: Iterable[MachineReport]) -> None:
        """Their newest states are not told until another round has ended."""
        self._skipped |= {part.machine for part in parts}

    def settle(self, failure: UplinkFailure, parcel: Parcel, room: Room) -> Room:
        """Drops what was refused; the room for what is sent next."""
        place = _PLACE.match(failure.field)
        if failure.kind is FailureKind.TOO_LARGE:
            return self._too_large(parcel, room)
        if failure.field.startswith("edge") and parcel.edge is not None:
            self._bar_edge(failure.field, parcel.edge)
            return room
        if place is not None and int(place[1]) < len(parcel.parts):
            self._refuse_part(parcel, int(place[1]), place[2])
            return room
        return self._too_large(parcel, room)

    def _refuse_part(self, parcel: Parcel, index: int, field: str) -> None:
        part, number, ids = parcel.parts[index], parcel.numbers[index], parcel.ids[index]
        block = _BLOCK.match(field)
        if field.startswith((".machine", ".batch")) or not field:
            self._unknown_machine(part, number, ids)
        elif block is not None:
            at = int(block[1])
            self._backlog.refuse(ids[at : at + 1] if at < len(ids) else ids)
        elif field == ".blocks":
            self._backlog.refuse(ids)
        elif not self._telling.note_refused(number, part, field):
            self._skipped.add(part.machine)

    def _unknown_machine(self, part: MachineReport, number: int, ids: tuple[int, ...]) -> None:
        """Its batch is told again; if that does not help, nothing of it will ever arrive."""
        if part.machine in self._unknown:
            self._backlog.refuse(ids)
            self._barred.add(part.machine)
            return
        self._unknown.add(part.machine)
        self._registry.tell_again(batch_of(number))

    def _bar_edge(self, field: str, edge: EdgeState) -> None:
        name = field.split(".")[1].partition("[")[0] if "." in field else ""
        if name in {"found", "results"} and getattr(edge, name) not in (None, ()):
            self._edge_fields.add(name)
        else:
            self.edge_is_barred = True
        log.warning("The commander does not take %s", field)

    def _too_large(self, parcel: Parcel, room: Room) -> Room:
        """Half of it next time; what is refused alone is dropped. So too where nobody says what is wrong."""
        ids = parcel.all_ids
        has_states = bool(parcel.batches)
        if ids and (has_states or len(ids) > 1):
            return room._replace(blocks=0 if has_states else len(ids) // 2)
        if ids:
            self._backlog.refuse(ids)
        elif len(parcel.batches) > 1:
            return room._replace(bytes=max(room.bytes // 2, LEAST_BYTES))
        elif has_states and room.extras:
            return room._replace(extras=False)
        elif has_states:
            self.skip(parcel.parts)
        else:
            self.edge_is_barred = True
        return room
