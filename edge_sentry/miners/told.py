"""What a reply tells, part by part: a value that is missing, unknown or absurd becomes None with a reason.

A reply may come from any process of the rig, so nothing of it is believed: numbers are finite and within
bounds, texts short and printable, lists cut. Reasons never quote a text, which may hold a wallet.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeVar

from edge_sentry.miners.normal_form import HIGHEST_COUNT, HIGHEST_HASHRATE, MOST_DEVICES, MOST_UNREAD
from wire.messages import Unread

LONGEST_TEXT = 100
_LONGEST_PART = 64
_LONGEST_REASON = 200
_LONGEST_NUMBER = 40

Key = str | int
Row = TypeVar("Row")


class _Missing:
    """Stands for what a reply does not have, where None is a value of its own."""


_MISSING: Final = _Missing()


class Told:
    """One part of a reply. `label` is its place in the normal form, such as "devices[0]".

    Each question names the field of the normal form that it is for, then the way to it in the reply.
    """

    def __init__(self, value: object, label: str = "", unread: dict[str, str] | None = None) -> None:
        self._value = value
        self._label = label
        self._unread: dict[str, str] = {} if unread is None else unread

    def part(self, label: str, *path: Key) -> Told:
        """A part with its own label; what is missing is a part that tells nothing."""
        return Told(self._look(path), self._within(label), self._unread)

    def rows(self, label: str, *path: Key, most: int = MOST_DEVICES) -> list[Told]:
        """The rows of a list, labelled "label[0]" and so on; [] with a reason where there is no list."""
        value = self._look(path)
        if not isinstance(value, list):
            self.note(label, _why_not(path, value, "a list"))
            return []
        return [Told(row, name, self._unread) for name, row in self._numbered(label, value, most)]

    def entries(self, label: str, *path: Key, most: int = MOST_DEVICES) -> list[tuple[str, Told]]:
        """The same for an object: its keys, as cleaned texts, and its values."""
        value = self._look(path)
        if not isinstance(value, dict):
            self.note(label, _why_not(path, value, "an object"))
            return []
        pairs = self._numbered(label, list(value.items()), most)
        return [(plain(str(key)), Told(row, name, self._unread)) for name, (key, row) in pairs]

    def labelled(self, label: str) -> Told:
        """The same part at another place of the normal form."""
        return Told(self._value, label, self._unread)

    def beside(self, value: object) -> Told:
        """Another reply of the same program, with the same reasons."""
        return Told(value, "", self._unread)

    def apart(self) -> Told:
        """The same part with reasons of its own: for what is only tried, or told once for many."""
        return Told(self._value, self._label)

    def has(self, *path: Key) -> bool:
        """Whether something other than null stands there."""
        return self._look(path) not in (None, _MISSING)

    def mentions(self, *path: Key) -> bool:
        """Whether anything stands there, be it null."""
        return self._look(path) is not _MISSING

    def length(self, *path: Key) -> int:
        """How many rows a list has there; 0 where there is none."""
        value = self._look(path)
        return len(value) if isinstance(value, list) else 0

    def is_number(self, *path: Key) -> bool:
        """Whether a number stands there, true or not."""
        value = self._look(path)
        return isinstance(value, int | float) and not isinstance(value, bool)

    def text(self, name: str, *path: Key, most: int = LONGEST_TEXT) -> str | None:
        """A printable text of at most so many characters; None, with a reason, where there is none."""
        value = self._look(path)
        if not isinstance(value, str):
            self.note(name, _why_not(path, value, "a text"))
            return None
        cleaned = plain(value, most)
        if not cleaned:
            self.note(name, f"'{_way(path)}' is empty")
        return cleaned or None

    def flag(self, name: str, *path: Key) -> bool | None:
        """True or false as such; 0 and 1 are numbers."""
        value = self._look(path)
        if isinstance(value, bool):
            return value
        self.note(name, _why_not(path, value, "true or false"))
        return None

    def number(
        self,
        name: str,
        *path: Key,
        most: float = HIGHEST_HASHRATE,
        least: float = 0.0,
        unknown: Sequence[float] = (),
        factor: float = 1.0,
    ) -> float | None:
        """A finite number, times `factor`, within bounds that are included.

        Those in `unknown` are how a program says that it does not know, before they are multiplied.
        """
        value = self._look(path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.note(name, _why_not(path, value, "a number"))
            return None
        number = _as_float(value)
        if number in unknown:
            self.note(name, f"the program does not know '{_way(path)}' ({number:g})")
            return None
        return self.believed(name, _times(number, factor), path, least=least, most=most)

    def first_number(self, name: str, *paths: Sequence[Key]) -> float | None:
        """The first number that is not null; None, with a reason, where there is none."""
        known = [path for path in paths if self.has(*path)]
        return self.number(name, *(known or paths)[0])

    def number_in_text(self, name: str, *path: Key, most: float = HIGHEST_HASHRATE) -> float | None:
        """A number that the program writes as text ("1.1e+07"), or as a number after all."""
        value = self._look(path)
        if not isinstance(value, str):
            return self.number(name, *path, most=most)
        try:
            number = float(value if len(value) <= _LONGEST_NUMBER else "")
        except ValueError:
            self.note(name, _why_not(path, value, "a number"))
            return None
        return self.believed(name, number, path, most=most)

    def count(self, name: str, *path: Key) -> int | None:
        """A counter as told."""
        number = self.number(name, *path, most=HIGHEST_COUNT - 1)
        if number is None or number.is_integer():
            return None if number is None else int(number)
        self.note(name, f"'{_way(path)}' is {number:g}, which is no count")
        return None

    def believed(
        self, name: str, number: float, path: Sequence[Key], *, least: float = 0.0, most: float
    ) -> float | None:
        """The number if it can be true; otherwise None, with a reason."""
        if not math.isfinite(number):
            self.note(name, f"'{_way(path)}' is not a finite number")
        elif not least <= number <= most:
            self.note(name, f"'{_way(path)}' is {number:g}, which cannot be true")
        else:
            return number
        return None

    def note(self, name: str, reason: str) -> None:
        """Keeps why the field `name` of this part is None."""
        part = self._within(name)[:_LONGEST_PART]
        if len(self._unread) >= MOST_UNREAD and not self._label and part not in self._unread:
            # What concerns the whole reply explains the rest: it displaces the latest detail.
            self._unread.popitem()
        if len(self._unread) < MOST_UNREAD:
            self._unread.setdefault(part, reason[:_LONGEST_REASON])

    def unread(self) -> tuple[Unread, ...]:
        """All reasons of the whole reply, in the order in which they came up."""
        return tuple(Unread(part, reason) for part, reason in self._unread.items())

    def _within(self, name: str) -> str:
        return f"{self._label}.{name}" if self._label and name else self._label or name

    def _look(self, path: Sequence[Key]) -> object:
        value = self._value
        for key in path:
            if isinstance(key, str) and isinstance(value, dict):
                value = value.get(key, _MISSING)
            elif isinstance(key, int) and isinstance(value, list) and 0 <= key < len(value):
                value = value[key]
            else:
                return _MISSING
        return value

    def _numbered(self, label: str, rows: list[Row], most: int) -> list[tuple[str, Row]]:
        if len(rows) > most:
            self.note(label, f"there are {len(rows)}, of which the first {most} are read")
        return [(self._within(f"{label}[{index}]"), row) for index, row in enumerate(rows[:most])]


def plain(text: str, most: int = LONGEST_TEXT) -> str:
    """Printable and short: no control character reaches a terminal, no flood a report."""
    cut = text[: 4 * most]
    return " ".join("".join(each if each.isprintable() else " " for each in cut).split())[:most].strip()


def _why_not(path: Sequence[Key], value: object, wanted: str) -> str:
    if isinstance(value, _Missing):
        return f"'{_way(path)}' is not told"
    if value is None:
        return f"the program does not know '{_way(path)}'"
    return f"'{_way(path)}' is not {wanted}"


def _way(path: Sequence[Key]) -> str:
    return ".".join(str(key) for key in path)


def _times(number: float, factor: float) -> float:
    # Thousandths without the noise of binary fractions: 29 ms are 0.029 s.
    return round(number * factor, 6) if factor < 1 else number * factor


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
