"""What the roster holds: devices, open questions about them, and answers that can be taken back."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from asic_edge.snapshot import Identity

MOST_DEVICES: Final = 5000
MOST_QUESTIONS: Final = 1000
ANSWERS_KEPT: Final = 20
FORMER_MACS_KEPT: Final = 8
LONGEST_NAME: Final = 80
LONGEST_PLACE: Final = 120
LONGEST_CLIENT: Final = 80
MOST_TAGS: Final = 20
LONGEST_TAG: Final = 40
"""As the commander's, so that everything can be shown there."""

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
Place = Annotated[str, Meta(max_length=LONGEST_PLACE)]
Client = Annotated[str, Meta(max_length=LONGEST_CLIENT)]
Tag = Annotated[str, Meta(min_length=1, max_length=LONGEST_TAG)]


class RosterError(Exception):
    """Why something cannot be done with the roster, in a sentence."""


class Words(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a person says of a device; "" and no tags: nothing said."""

    name: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""
    place: Place = ""
    client: Client = ""
    tags: Annotated[tuple[Tag, ...], Meta(max_length=MOST_TAGS)] = ()


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A device. `number` is its own for ever; `name` is nobody else's.

    `address`: where it was last, None when another device is there now. Without `reader` it was never
    identified. `seen_at`: when it last showed what it is. `former_macs`: of control boards it had.
    `by_rule`: nobody gave it its name.
    """

    number: int
    name: Name
    by_rule: bool = False
    place: Place = ""
    client: Client = ""
    tags: Annotated[tuple[Tag, ...], Meta(max_length=MOST_TAGS)] = ()
    address: str | None = None
    mac: str | None = None
    serial: str | None = None
    make: str | None = None
    model: str | None = None
    firmware: str | None = None
    hostname: str | None = None
    reader: str | None = None
    former_macs: tuple[str, ...] = ()
    added_at: float
    seen_at: float | None = None

    @property
    def identity(self) -> Identity:
        """As readers take it; it has an address."""
        return Identity(
            self.address or "",
            self.make,
            self.model,
            self.firmware,
            mac=self.mac,
            serial=self.serial,
            hostname=self.hostname,
        )

    @property
    def words(self) -> Words:
        """What people say of it."""
        return Words(self.name, self.place, self.client, self.tags)


class Sighting(msgspec.Struct, frozen=True):
    """A device that showed what it is just now. `at`: epoch seconds, the same for a whole search."""

    identity: Identity
    reader: str
    at: float


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a device with another MAC is the one of the entry `of`, with a new control board.

    `because` says by what they are alike; `words` are for it in case it is another one.
    """

    number: int
    of: int
    sighting: Sighting
    because: str
    words: Words = Words()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """How a question was answered, with what was before: `entry` as it stood; `made`: a new entry, or 0."""

    question: Question
    same: bool
    entry: Entry
    made: int = 0


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The file."""

    version: int = 1
    next_number: int = 1
    entries: tuple[Entry, ...] = ()
    questions: tuple[Question, ...] = ()
    answers: tuple[Answer, ...] = ()
