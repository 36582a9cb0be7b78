"""What may stand in text that people are shown: letters that can be seen, on one line.

Names and labels that people give are refused otherwise; what agents tell is made so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from wire.faults import Fault

M = TypeVar("M", bound=msgspec.Struct)

NAME_MAX = 80
TAG_MAX, TAGS_MAX = 40, 20
_JOINERS = ("\u200c", "\u200d")
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs by their category, and nothing to see."""


def checked_name(name: str) -> str:
    """The name without surrounding space; raises Fault `bad_name` (422)."""
    name = name.strip()
    if not name or len(name) > NAME_MAX or not _is_visible(name):
        message = f"Give it a name of 1 to {NAME_MAX} letters that can be seen, on one line."
        raise Fault("bad_name", message, "name")
    return name


def checked_text(text: str, field: str, most: int) -> str:
    """The text without surrounding space, which may be empty; raises Fault `bad_label` (422)."""
    text = text.strip()
    if len(text) > most or (text and not _is_visible(text)):
        message = f"At most {most} letters that can be seen, on one line."
        raise Fault("bad_label", message, field)
    return text


def checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Each tag once, in the order given; raises Fault `bad_label` (422)."""
    checked = (checked_text(tag, "tags", TAG_MAX) for tag in tags)
    once = tuple(dict.fromkeys(tag for tag in checked if tag))
    if len(once) > TAGS_MAX:
        raise Fault("bad_label", f"A machine has at most {TAGS_MAX} tags.", "tags")
    return once


_BREAKS = ("Zl", "Zp")
_UNSEEN = ("Cc", "Cf", "Cs")
_NOT_SHOWN = frozenset({"blocks", "open", "hardware"})
"""Figures, which are many and hold no free text, and evidence, which is compared and not shown."""


def visible(message: M) -> M:
    """What an agent sent, in each text of it neither line breaks nor what could disguise the rest."""
    changed = {}
    for name in message.__struct_fields__:
        value = getattr(message, name)
        seen = value if name in _NOT_SHOWN else _visible(value)
        if seen is not value:
            changed[name] = seen
    return msgspec.structs.replace(message, **changed) if changed else message


def _visible(value: Any) -> Any:
    """The very same value where there is nothing to change, as nearly always."""
    if type(value) is str:
        return value if value.isprintable() else _visible_text(value)
    if isinstance(value, msgspec.Struct):
        return visible(value)
    if isinstance(value, tuple):
        seen = tuple(map(_visible, value))
        return value if all(new is old for new, old in zip(seen, value, strict=True)) else seen
    return value


def _visible_text(text: str) -> str:
    """A text that has nothing else stays one of a letter: some must not be empty."""
    kinds = ((letter, unicodedata.category(letter)) for letter in text)
    spaced = (" " if letter.isspace() or kind in _BREAKS else letter for letter, kind in kinds)
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in _UNSEEN) or "?"


def _is_visible(text: str) -> bool:
    """Joiners stand within scripts and emoji; whatever else is invisible could disguise a name."""
    letters = [letter for letter in text if letter not in _JOINERS]
    if not "".join(letters).isprintable() or not _FILLERS.isdisjoint(letters):
        return False
    return any(unicodedata.category(letter)[0] != "M" for letter in letters)  # marks stand upon a letter
