"""The roster in memory, found by number, name, MAC, serial number and address, none of which two share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asic_edge.roster.entries import (
    ANSWERS_KEPT,
    LONGEST_NAME,
    MOST_DEVICES,
    MOST_QUESTIONS,
    Answer,
    Entry,
    Kept,
    Question,
    RosterError,
)


class _Serial(NamedTuple):
    """Some makers begin anew, so it says something only together with the make."""

    make: str | None
    serial: str


class Roster:
    """Entries are never changed but put anew."""

    def __init__(self, kept: Kept | None = None) -> None:
        """Raises RosterError for a file in which two devices share what must be one's own."""
        kept = kept or Kept()
        self._next = kept.next_number
        self._entries: dict[int, Entry] = {}
        self._by_name: dict[str, int] = {}
        self._by_mac: dict[str, int] = {}
        self._by_address: dict[str, int] = {}
        self._by_serial: dict[_Serial, set[int]] = {}
        self.questions = {each.number: each for each in kept.questions}
        self.answers = list(kept.answers)
        for entry in kept.entries:
            self.put(entry)

    def kept(self) -> Kept:
        """As it goes to disk."""
        return Kept(
            next_number=self._next,
            entries=tuple(self),
            questions=tuple(self.questions.values()),
            answers=tuple(self.answers),
        )

    def __iter__(self) -> Iterator[Entry]:
        """In the order in which they were added."""
        return iter(sorted(self._entries.values(), key=lambda each: each.number))

    def __len__(self) -> int:
        return len(self._entries)

    def number(self) -> int:
        """One that was never used: for an entry or a question."""
        self._next += 1
        return self._next - 1

    def put(self, entry: Entry) -> None:
        """In place of the one with its number, or as a new one.

        Raises RosterError, and changes nothing, when another has its name, MAC or address, or it is full.
        """
        for what, other in (
            ("name", self.named(entry.name)),
            ("MAC", self.with_mac(entry.mac)),
            ("address", self.at(entry.address)),
        ):
            if other is not None and other.number != entry.number:
                raise RosterError(f"{other.name} has the {what} of {entry.name} already.")
        if entry.number not in self._entries and len(self._entries) >= MOST_DEVICES:
            raise RosterError(f"There are {MOST_DEVICES:,} devices already; one edge looks after no more.")
        self._unlink(entry.number)
        self._link(entry)

    def remove(self, number: int) -> None:
        """With the questions about it and answers that would bring it back."""
        self._unlink(number)
        self.questions = {key: each for key, each in self.questions.items() if each.of != number}
        self.answers = [each for each in self.answers if number not in (each.entry.number, each.made)]

    def ask(self, question: Question) -> None:
        """Kept until it is answered or settled. Raises RosterError above `MOST_QUESTIONS`."""
        if len(self.questions) >= MOST_QUESTIONS and question.number not in self.questions:
            raise RosterError(f"{MOST_QUESTIONS:,} questions are open already: answer some.")
        self.questions[question.number] = question

    def remember(self, answer: Answer) -> None:
        """The last `ANSWERS_KEPT` can be taken back."""
        self.answers = [*self.answers, answer][-ANSWERS_KEPT:]

    def get(self, number: int) -> Entry | None:
        """By its number."""
        return self._entries.get(number)

    def named(self, name: str) -> Entry | None:
        """Capitals do not count."""
        return self._entries.get(self._by_name.get(name.casefold(), 0))

    def with_mac(self, mac: str | None) -> Entry | None:
        """By its present control board's."""
        return self._entries.get(self._by_mac.get(mac or "", 0))

    def at(self, address: str | None) -> Entry | None:
        """Where it was last."""
        return self._entries.get(self._by_address.get(address or "", 0))

    def with_serial(self, make: str | None, serial: str | None) -> Entry | None:
        """None too when several have it: then it proves nothing."""
        found = self._by_serial.get(_Serial(make, serial), set()) if serial else set()
        return self._entries[next(iter(found))] if len(found) == 1 else None

    def free_name(self, wanted: str) -> str:
        """Itself, or with the first number behind it that makes it nobody else's."""
        name, count = wanted[:LONGEST_NAME], 1
        while self.named(name) is not None:
            count += 1
            end = f"-{count}"
            name = wanted[: LONGEST_NAME - len(end)] + end
        return name

    def found(self, text: str) -> Entry | None:
        """By what a person types: name, address, MAC, or number behind "#"."""
        if text.startswith("#") and text[1:].isdecimal():
            return self.get(int(text[1:10]))
        return self.named(text) or self.at(text) or self.with_mac(text.upper().replace("-", ":"))

    def _link(self, entry: Entry) -> None:
        self._entries[entry.number] = entry
        self._next = max(self._next, entry.number + 1)
        self._by_name[entry.name.casefold()] = entry.number
        if entry.mac:
            self._by_mac[entry.mac] = entry.number
        if entry.address:
            self._by_address[entry.address] = entry.number
        if entry.serial:
            self._by_serial.setdefault(_Serial(entry.make, entry.serial), set()).add(entry.number)

    def _unlink(self, number: int) -> None:
        entry = self._entries.pop(number, None)
        if entry is None:
            return
        del self._by_name[entry.name.casefold()]
        self._by_mac.pop(entry.mac or "", None)
        self._by_address.pop(entry.address or "", None)
        if entry.serial:
            self._by_serial[_Serial(entry.make, entry.serial)].discard(number)
