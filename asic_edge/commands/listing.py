"""`asic-edge list` and `remove`, and the answers `same`, `different` and `undo`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from asic_edge.commands import console
from asic_edge.commands.words import FAILED, GOOD, IN_PART, ago, columns
from asic_edge.roster import questions
from asic_edge.roster.entries import Entry, Question
from asic_edge.roster.naming import USUAL_RULE, checked_rule
from asic_edge.roster.store import changing, read_roster


class _QuestionLine(msgspec.Struct, frozen=True):
    """An open question in --json; devices have their `number` instead."""

    question: int
    of: int
    name: str
    address: str
    mac: str | None
    because: str


def show(folder: Path, *, as_json: bool) -> int:
    """Exit code; raises SettingsError."""
    roster, now = read_roster(folder), time.time()
    names = {each.number: each.name for each in roster}
    asked = [_question_line(each, names) for each in roster.questions.values()]
    if as_json:
        for document in (*roster, *asked):
            console.say_json(document)
        return GOOD
    if not len(roster):
        console.say(f"No devices yet ({folder}). Find some with: asic-edge scan RANGE --add")
        return GOOD
    head = ("#", "name", "make", "model", "address", "MAC", "place", "client", "tags", "last seen")
    for line in columns([head, *(_cells(each, now) for each in roster)]):
        console.say(line)
    for question in asked:
        console.say(_asked(question))
    return GOOD


def remove(folder: Path, wanted: Sequence[str]) -> int:
    """By name, address, MAC or "#number". What is found is removed, the others are told."""
    missing: list[str] = []
    removed: list[Entry] = []
    with changing(folder) as roster:
        for text in wanted:
            entry = roster.found(text)
            if entry is None:
                missing.append(text[:80])
                continue
            roster.remove(entry.number)
            removed.append(entry)
    for each in missing:
        console.warn(f"No device {each} is in the roster.")
    for entry in removed:
        console.say(f"{entry.name} ({entry.address or 'nowhere'}) is removed.")
    if not removed:
        return FAILED
    return IN_PART if missing else GOOD


def same(folder: Path, number: int) -> int:
    """The new MAC is a new control board of the known machine."""
    with changing(folder) as roster:
        entry = questions.same(roster, number)
    console.say(
        f"{entry.name} has the MAC {entry.mac} from now on. Take it back with: asic-edge undo {number}"
    )
    return GOOD


def different(folder: Path, number: int, rule: str = USUAL_RULE) -> int:
    """It is another machine."""
    with changing(folder) as roster:
        entry = questions.different(roster, number, checked_rule(rule))
    console.say(f"{entry.name} is added. Take it back with: asic-edge undo {number}")
    return GOOD


def undo(folder: Path, number: int) -> int:
    """The question is open again."""
    with changing(folder) as roster:
        question = questions.undo(roster, number)
        name = entry.name if (entry := roster.get(question.of)) else ""
    console.say(f"Question {number} about {name} is open again.")
    return GOOD


def _cells(entry: Entry, now: float) -> tuple[str, ...]:
    return (
        str(entry.number),
        entry.name,
        entry.make or "not known",
        entry.model or "",
        entry.address or "not known",
        entry.mac or "",
        entry.place,
        entry.client,
        ", ".join(entry.tags),
        ago(entry.seen_at, now),
    )


def _question_line(question: Question, names: dict[int, str]) -> _QuestionLine:
    identity = question.sighting.identity
    return _QuestionLine(
        question.number,
        question.of,
        names.get(question.of, ""),
        identity.address,
        identity.mac,
        question.because,
    )


def _asked(line: _QuestionLine) -> str:
    return (
        f"Question {line.question}: is {line.address} (MAC {line.mac}) {line.name} with a new control board, "
        f"since {line.because}? Answer with: asic-edge same {line.question}, or different {line.question}"
    )
