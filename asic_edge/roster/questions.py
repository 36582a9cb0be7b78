"""Answers to "same machine, new control board?", and taking them back."""

from __future__ import annotations

import msgspec

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Answer, Entry, Question, RosterError, Sighting
from asic_edge.roster.matching import added, leaves, said, updated
from asic_edge.roster.naming import USUAL_RULE


def same(roster: Roster, number: int) -> Entry:
    """The entry has another control board from now on. Raises RosterError."""
    question, entry = _open(roster, number)
    joined = updated(entry, _arriving(roster, question))
    roster.put(joined)
    del roster.questions[number]
    roster.remember(Answer(question=question, same=True, entry=entry))
    words = msgspec.structs.replace(question.words, name="")
    return said(roster, joined, words)


def different(roster: Roster, number: int, rule: str = USUAL_RULE) -> Entry:
    """The device gets an entry of its own. Raises RosterError."""
    question, entry = _open(roster, number)
    sighting = _arriving(roster, question)
    if entry.address == sighting.identity.address:
        leaves(roster, entry)
    words = question.words
    if roster.named(words.name) is not None:  # by now, or it was the name of the machine asked about
        words = msgspec.structs.replace(words, name="")
    made = added(roster, sighting, words, rule)
    del roster.questions[number]
    roster.remember(Answer(question=question, same=False, entry=entry, made=made.number))
    return made


def undo(roster: Roster, number: int) -> Question:
    """Takes back the answer to a question, which is open again. Raises RosterError."""
    answer = next((each for each in roster.answers if each.question.number == number), None)
    if answer is None:
        raise RosterError(f"There is no answer to question {number} that could be taken back.")
    before, entry = answer.entry, roster.get(answer.entry.number)
    if entry is None:
        raise RosterError(f"{before.name} is no longer in the roster.")
    if answer.same:
        _take_apart(roster, entry, before)
    else:
        roster.remove(answer.made)
        roster.put(_back_at_its_address(roster, entry, before))
    roster.answers = [each for each in roster.answers if each.question.number != number]
    roster.ask(answer.question)
    return answer.question


def _open(roster: Roster, number: int) -> tuple[Question, Entry]:
    question = roster.questions.get(number)
    entry = None if question is None else roster.get(question.of)
    if question is None or entry is None:
        raise RosterError(f"There is no open question {number}; `asic-edge list` shows them.")
    return question, entry


def _arriving(roster: Roster, question: Question) -> Sighting:
    """At its address, which who was there before leaves; at none if somebody was seen there since."""
    sighting = question.sighting
    there = roster.at(sighting.identity.address)
    if there is None or there.number == question.of:
        return sighting
    if (there.seen_at or 0.0) < sighting.at:
        leaves(roster, there)
        return sighting
    nowhere = msgspec.structs.replace(sighting.identity, address="")
    return msgspec.structs.replace(sighting, identity=nowhere)


def _take_apart(roster: Roster, entry: Entry, before: Entry) -> None:
    """With its former control board again; words that were said since stay."""
    other = roster.with_mac(before.mac)
    if other is not None and other.number != entry.number:
        raise RosterError(f"Its former control board is that of {other.name} now; remove that one first.")
    names = ("mac", "serial", "former_macs", "make", "model", "firmware", "hostname", "reader", "seen_at")
    parts = {name: getattr(before, name) for name in names}
    apart = msgspec.structs.replace(entry, **parts)
    roster.put(_back_at_its_address(roster, apart, before))


def _back_at_its_address(roster: Roster, entry: Entry, before: Entry) -> Entry:
    """Unless somebody else is there."""
    there = roster.at(before.address)
    free = there is None or there.number == entry.number
    return msgspec.structs.replace(entry, address=before.address if free else None)
