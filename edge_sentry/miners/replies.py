"""Opens replies: JSON, or records of "KEY=value;…|". What is cut off or something else is not readable."""

from __future__ import annotations

import json

from edge_sentry.miners.normal_form import Trouble
from edge_sentry.miners.question import Unreadable
from edge_sentry.miners.told import Told

CUT_OFF = "the reply is cut off"
NOT_JSON = "the reply is not JSON"

_MOST_RECORDS = 4096  # threads of processors are records, too
_LONGEST_NUMBER = 40


def json_of(reply: bytes | None) -> object:
    """What the JSON says, numbers that no JSON has (NaN) included; raises Unreadable.

    Texts with bytes that are no UTF-8, as in the names of cards, are still read.
    """
    text = _text(reply)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        ended = error.pos >= len(text) or error.msg.startswith("Unterminated string")
        raise Unreadable(Trouble.NOT_READABLE, CUT_OFF if ended else NOT_JSON) from None
    except RecursionError:
        raise Unreadable(Trouble.NOT_READABLE, "the reply is nested too deeply") from None
    except ValueError:  # a number of thousands of digits
        raise Unreadable(Trouble.NOT_READABLE, NOT_JSON) from None


def is_whole_json(reply: bytes) -> bool:
    """Whether an object has come to its end, so that nothing more is to be waited for."""
    if not reply.rstrip().endswith(b"}"):
        return False
    try:
        json_of(reply)
    except Unreadable:
        return False
    return True


def told_of(reply: bytes | None, *required: str) -> Told:
    """A JSON object that has the `required` keys, by which the program is known; raises Unreadable."""
    value = json_of(reply)
    missing = [key for key in required if not (isinstance(value, dict) and key in value)]
    if missing or not isinstance(value, dict):
        known_by = f" (it has no '{missing[0]}')" if missing else ""
        raise Unreadable(Trouble.ANOTHER_PROGRAM, f"this is not how the program answers{known_by}")
    return Told(value)


def records_of(reply: bytes | None, texts: frozenset[str]) -> list[dict[str, object]]:
    """The fields of each record of "KEY=value;KEY=value|…"; raises Unreadable.

    Values are numbers where they look like one, but for the keys in `texts`.
    """
    text = _text(reply)
    records, _, rest = text.rpartition("|")
    if "=" not in text:
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "this is not how the program answers")
    if rest:
        raise Unreadable(Trouble.NOT_READABLE, CUT_OFF)
    rows = [record.split(";") for record in records.split("|")[:_MOST_RECORDS]]
    return [dict(_field(field, texts) for field in row if "=" in field) for row in rows]


def number_or_text(value: str) -> float | str:
    """A number where the text is one."""
    try:
        return float(value) if len(value) <= _LONGEST_NUMBER else value
    except ValueError:
        return value


def _field(field: str, texts: frozenset[str]) -> tuple[str, object]:
    key, _, value = (part.strip() for part in field.partition("="))
    return key, value if key in texts else number_or_text(value)


def _text(reply: bytes | None) -> str:
    if reply is None:
        raise Unreadable(Trouble.NO_ANSWER, "there was no answer")
    # sgminer's and ccminer's families end what they say with a NUL, as in C.
    text = reply.partition(b"\0")[0].decode("utf-8", errors="replace").strip()
    if not text:
        raise Unreadable(Trouble.NO_ANSWER, "the reply is empty")
    return text
