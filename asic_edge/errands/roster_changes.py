"""Errands that change the roster: devices that were found, rows of a spreadsheet, removals and answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from asic_edge.errands.admitting import Admitted, admitted
from asic_edge.errands.outcome import Ended, failed, line
from asic_edge.roster import questions
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Words
from asic_edge.roster.importing import Effect, Kind, take
from asic_edge.roster.matching import Fate
from asic_edge.roster.naming import USUAL_RULE
from asic_edge.roster.store import changing, read_roster
from asic_edge.roster.table_file import Table, table_of
from asic_edge.snapshot import NoAnswer, Snapshot
from asic_edge.ways import Known
from wire.edge import CSV_MAX_LETTERS, AnswerQuestion, ErrandLine, ImportRows

_FATES: Final[dict[str, str]] = {
    Fate.ADDED: "added",
    Fate.KNOWN: "unchanged",
    Fate.MOVED: "changed",
    Fate.MERGED: "changed",
    Fate.ASKED: "asked",
}
"""All others are faults."""
_KINDS: Final = {
    Kind.ADD: "added",
    Kind.CHANGE: "changed",
    Kind.NOTHING: "unchanged",
    Kind.FAULT: "fault",
}

Read = tuple[Known, Snapshot | NoAnswer]


def add_read(folder: Path, read: Iterable[Read], words: Words, rule: str, at: float) -> list[ErrandLine]:
    """A line for each device; `at`: epoch seconds. Raises SettingsError."""
    with changing(folder) as roster:
        done = [admitted(roster, *each, words, rule, at) for each in read]
    return [_told(each) for each in done]


def import_rows(folder: Path, wish: ImportRows, at: float) -> Ended:
    """As `asic-edge import`. Raises SettingsError, and RosterError for what is no table."""
    if len(wish.csv) > CSV_MAX_LETTERS:
        return failed(too_long(wish.csv))
    table = table_of(wish.csv)
    if not wish.apply:
        return _imported(table, take(read_roster(folder), table, at), "would be ")
    with changing(folder) as roster:
        effects = take(roster, table, at)
    return _imported(table, effects, "")


def too_long(csv: str) -> str:
    """What to do with a file that is larger than an errand may be."""
    rows, fit = (max(text.count("\n") - 1, 0) for text in (csv, csv[:CSV_MAX_LETTERS]))
    return (
        f"The file has {len(csv):,} letters, and {CSV_MAX_LETTERS:,} fit: about {fit:,} of its {rows:,} "
        "rows. Split it, or take it in at the edge with: asic-edge import"
    )


def remove(folder: Path, machines: Iterable[str], number_of: Callable[[str], int | None]) -> list[ErrandLine]:
    """A line for each machine; `number_of` knows their devices. Raises SettingsError."""
    with changing(folder) as roster:
        return [_removed(roster, machine, number_of(machine)) for machine in machines]


def answer(folder: Path, wish: AnswerQuestion) -> Ended:
    """As `asic-edge same`, `different` and `undo`. Raises SettingsError and RosterError."""
    with changing(folder) as roster:
        match wish.answer:
            case "same":
                entry = questions.same(roster, wish.question)
                return Ended(f"{entry.name} has the MAC {entry.mac} from now on.")
            case "different":
                entry = questions.different(roster, wish.question, USUAL_RULE)
                return Ended(f"{entry.name} is added.")
            case "undo":
                question = questions.undo(roster, wish.question)
                of = roster.get(question.of)
                return Ended(f"The question about {of.name if of else 'it'} is open again.")


def counted(lines: Iterable[ErrandLine], none: str = "Nothing to do.") -> str:
    """For example "12 added, 1 fault."."""
    counts = Counter[str](each.fate for each in lines)
    words = ("added", "changed", "removed", "asked", "unchanged", "fault")
    told = [f"{counts[each]:,} {_plural(each, counts[each])}" for each in words if counts[each]]
    return f"{', '.join(told)}." if told else none


def _plural(fate: str, count: int) -> str:
    return {"fault": "fault" if count == 1 else "faults", "asked": "to be answered"}.get(fate, fate)


def _told(device: Admitted) -> ErrandLine:
    fate = _FATES.get(device.fate, "fault")
    if fate == "unchanged" and device.reworded:
        fate = "changed"
    name = device.entry.name if device.entry and fate != "asked" else ""
    return line(device.identity.address, fate, f"{name} {device.text}".strip())


def _imported(table: Table, effects: Sequence[Effect], would: str) -> Ended:
    counts = Counter(each.kind for each in effects)
    rows = "1 row" if len(effects) == 1 else f"{len(effects):,} rows"
    text = (
        f"{rows}: {counts[Kind.ADD]:,} {would}added, {counts[Kind.CHANGE]:,} {would}changed, "
        f"{counts[Kind.NOTHING]:,} as they are, {counts[Kind.FAULT]:,} not taken."
    )
    if table.ignored:
        text += f" Columns that are not known are left out: {', '.join(table.ignored)}."
    lines = [line(str(each.line), _KINDS[each.kind], each.text) for each in effects]
    return Ended(text, lines, ok=not effects or counts[Kind.FAULT] < len(effects))


def _removed(roster: Roster, machine: str, number: int | None) -> ErrandLine:
    entry = None if number is None else roster.get(number)
    if entry is None:
        return line(machine, "fault", "is not in the roster of this edge")
    roster.remove(entry.number)
    return line(entry.address or f"#{entry.number}", "removed", f"{entry.name} is removed")
