"""`asic-edge import`: takes devices from a CSV file, after a preview of every change and fault."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from asic_edge.commands import console
from asic_edge.commands.console import Person
from asic_edge.commands.words import GOOD, IN_PART, counted
from asic_edge.roster.importing import Effect, Kind, take
from asic_edge.roster.store import changing, read_roster
from asic_edge.roster.table_file import Table, read_table


def import_rows(folder: Path, file: Path, person: Person, *, yes: bool, public: bool = False) -> int:
    """Exit code: in part when there are faults; raises SettingsError, RosterError and OSError.

    Nothing is asked of devices. Without `yes` it asks, and where nobody is there it only shows.
    """
    table, at = read_table(file, public=public), round(time.time(), 3)
    effects = take(read_roster(folder), table, at)
    _preview(table, effects)
    code = IN_PART if any(each.kind is Kind.FAULT for each in effects) else GOOD
    if not any(each.kind in (Kind.ADD, Kind.CHANGE) for each in effects):
        console.say("There is nothing to change.")
        return code
    if not yes and not console.agrees(person, "Apply this?"):
        console.say("Nothing was changed. Apply it with: --yes")
        return code
    with changing(folder) as roster:  # anew: somebody may have changed it meanwhile
        done = take(roster, table, at)
    console.say(f"Done: {_counts(done)}.")
    return code


def _preview(table: Table, effects: Sequence[Effect]) -> None:
    if table.ignored:
        console.say(f"Columns that are not known are left out: {', '.join(table.ignored)}.")
    for each in effects:
        if each.kind is not Kind.NOTHING:
            console.say(f"line {each.line}: {each.kind}: {each.text}")
    console.say(f"{counted(len(effects), 'row')}: {_counts(effects)}.")


def _counts(effects: Sequence[Effect]) -> str:
    counts = Counter(each.kind for each in effects)
    words = {
        Kind.ADD: "added",
        Kind.CHANGE: "changed",
        Kind.NOTHING: "as they are",
        Kind.FAULT: "not taken",
    }
    return ", ".join(f"{counts[kind]:,} {word}" for kind, word in words.items())
