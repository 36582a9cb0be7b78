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
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00016fe4\U0001d159")
"""Letters, marks and signs by their category, and nothing to see."""
SELECTORS = frozenset(map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""They choose between two shapes of the letter before."""
_EMOJI_SELECTORS = "\ufe0e\ufe0f"
_KEYCAP = "\u20e3"
_VIRAMA = 9
"""The combining class of marks that take a letter's vowel away."""
_EMOJI_MARKS = frozenset("\u203c\u2049\u3030\u303d")
"""Emoji that are punctuation by their category."""


def checked_name(name: str) -> str:
    """The name in one spelling; raises Fault `bad_name` (422)."""
    name = one_spelling(name)
    if not name or len(name) > NAME_MAX or not is_visible(name):
        message = f"Give it a name of 1 to {NAME_MAX} letters that can be seen, on one line."
        raise Fault("bad_name", message, "name")
    return name


def checked_text(text: str, field: str, most: int) -> str:
    """The text in one spelling, which may be empty; raises Fault `bad_label` (422)."""
    text = one_spelling(text)
    if len(text) > most or (text and not is_visible(text)):
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


def one_spelling(text: str) -> str:
    """Without surrounding space, and an accent as one with its letter where there is such a letter (NFC)."""
    return unicodedata.normalize("NFC", text).strip()


def is_visible(text: str) -> bool:
    """Whether each letter can be seen: what is invisible could make two names look like one."""
    if not _FILLERS.isdisjoint(text):
        return False
    around = zip((" ", *text), text, (*text[1:], " "), strict=False)
    return text != "" and all(_is_seen(*letters) for letters in around)


def _is_seen(before: str, letter: str, after: str) -> bool:
    if letter in _JOINERS:
        return _joins(before, after)
    if letter in SELECTORS:
        return letter in _EMOJI_SELECTORS and (_is_sign(before) or after == _KEYCAP)
    stands = unicodedata.category(letter)[0] != "M" or not before.isspace()  # marks stand upon a letter
    return stands and letter.isprintable()


def _joins(before: str, after: str) -> bool:
    """Whether a joiner has something to do there: in emoji, in scripts of Asia, and behind a virama."""
    if unicodedata.combining(before) == _VIRAMA:
        return True
    emoji = (_is_sign(before) or before in _EMOJI_SELECTORS) and _is_sign(after)
    return emoji or all("\u0600" <= letter < "\u1c80" for letter in (before, after))


def _is_sign(letter: str) -> bool:
    return unicodedata.category(letter) in ("So", "Sm", "Sk") or letter in _EMOJI_MARKS
