"""The chain of an audit log: each line's digest covers the line and the digest before it.

A log is of a farm, by its id, or the commander's own (None).
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import msgspec

from cloud.domain.people import AuditEntry, AuditHead
from cloud.domain.principals import Actor
from cloud.domain.records import Record

SIDE_MAX_BYTES = 2500
"""Of `before`, and of `after`, as JSON; with `_TEXT_MAX_BYTES` it keeps each line below 8 KB."""
_TEXT_MAX_BYTES = 600
_BEGINNING_BYTES = 1200
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What reading a damaged line, or head, may raise."""


class NotedHead(Record, frozen=True):
    """The end of a log, as it is noted outside of the store."""

    farm: str | None
    number: int
    sha256: str


class Act(NamedTuple):
    """What is done to which thing (`machine machine_1`); `before` and `after`: what differs, as JSON."""

    action: str
    thing: str
    before: Any = None
    after: Any = None


def difference(before: msgspec.Struct, after: msgspec.Struct) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields, of two structs of one type, that are not the same in both."""
    old, new = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    names = [name for name in old if old[name] != new[name]]
    return {name: old[name] for name in names}, {name: new[name] for name in names}


def entry(farm: str | None, head: AuditHead, at: float, actor: Actor, act: Act) -> AuditEntry:
    """The line that follows `head`; what is too long in it is cut, and says so."""
    line = AuditEntry(
        number=head.number + 1,
        at=at,
        by=_short(actor.name),
        address=_short(actor.address),
        action=act.action,
        thing=_short(act.thing),
        before=_side(act.before),
        after=_side(act.after),
        previous=head.sha256,
        sha256="",
    )
    return msgspec.structs.replace(line, sha256=digest(farm, line))


def digest(farm: str | None, line: AuditEntry) -> str:
    """SHA-256 in hex of the line as a JSON array, with its farm and without its own digest."""
    fields = msgspec.structs.astuple(line)[:-1]
    return hashlib.sha256(msgspec.json.encode([farm, *fields])).hexdigest()


class BrokenLog(Exception):
    """A log is not as it was written; the message names the first line at fault."""


def follow(farm: str | None, known: AuditHead, number: int, body: bytes) -> AuditHead:
    """The log's end with the line kept as `number`, where `known` was its end before; raises BrokenLog."""
    if number != known.number + 1:
        raise BrokenLog(f"line {known.number + 1} is missing")
    try:
        line = msgspec.json.decode(body, type=AuditEntry)
    except UNREADABLE as error:
        raise BrokenLog(f"line {number} was changed: it cannot be read") from error
    if line.number != number:
        raise BrokenLog(f"line {number} was changed: it says that it is line {line.number}")
    if line.sha256 != digest(farm, line) or msgspec.json.encode(line) != body:
        raise BrokenLog(f"line {number} was changed")
    if line.previous != known.sha256:
        raise BrokenLog(f"line {number} does not follow line {number - 1}: one of the two was written anew")
    return AuditHead(number, line.sha256)


def check_end(known: AuditHead, head: AuditHead) -> None:
    """Raises BrokenLog where lines that end with `known` are not those of a log that ends with `head`."""
    if known.number < head.number:
        raise BrokenLog(f"line {known.number + 1} is missing: the log ended with line {head.number}")
    if known.number > head.number:
        raise BrokenLog(f"line {head.number + 1} was added: the log ended with line {head.number}")
    if known.sha256 != head.sha256:
        raise BrokenLog(f"line {head.number} was written anew: the log ended with another")


def _side(value: Any) -> msgspec.Raw:
    encoded = msgspec.json.encode(value)
    if len(encoded) > SIDE_MAX_BYTES:
        # As text within JSON each quote becomes two letters, and nothing in JSON becomes more.
        beginning = encoded[:_BEGINNING_BYTES].decode(errors="ignore")
        encoded = msgspec.json.encode({"cut_from_bytes": len(encoded), "beginning": beginning})
    return msgspec.Raw(encoded)


def _short(text: str) -> str:
    encoded = text.encode()
    if len(encoded) <= _TEXT_MAX_BYTES:
        return text
    return encoded[:_TEXT_MAX_BYTES].decode(errors="ignore") + "… (cut)"
