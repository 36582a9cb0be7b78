"""Which machine a device of an edge's roster is, what is said of it, and when another edge reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import NamedTuple

import msgspec

from cloud.domain import labels, state
from cloud.domain.asic_records import KeptSeat
from cloud.domain.records import Latest, Outage
from wire.edge import RosterEntry
from wire.live import Labels, Pace

OFFLINE_FOR_S = 60.0
"""After its reader is offline, a machine is read by another edge."""
SILENT_FOR_S = 300.0
"""After as long without an answer to its reader too."""
AGAIN_AFTER_S = 3600.0
"""As long an edge does not take back a machine for its silence that it lost so itself."""
MODEL_MAX = 120
_WORDS = ("name", "place", "client", "tags")
_DIGEST_LETTERS = 16
_WORD_LETTERS = 8


class Claim(NamedTuple):
    """Evidence that a device shows: of the kind "mac" or "serial", as `keys.evidence` takes it."""

    kind: str
    text: str


class Where(Enum):
    """Where a machine is, seen from a number of an edge."""

    GONE = auto()
    """Not known any more."""
    BINNED = auto()
    HERE = auto()
    """At another number of this edge."""
    LEAVING = auto()
    """At another number of this edge that is told no more."""
    ELSEWHERE = auto()
    """Another edge reads it."""
    FREE = auto()
    """Nobody reads it."""


class Found(NamedTuple):
    """A machine that a claim leads to."""

    machine: str
    where: Where


def claims_of(entry: RosterEntry) -> tuple[Claim, ...]:
    """The present MAC first, then former ones, then make and serial number."""
    macs = [Claim("mac", mac) for mac in (entry.mac, *entry.former_macs) if mac]
    serial = [Claim("serial", f"{entry.make or ''}\n{entry.serial}")] if entry.serial else []
    return tuple(dict.fromkeys([*macs, *serial]))


def claims_held(macs: Iterable[str], serial: str) -> tuple[Claim, ...]:
    """Those that a seat, or a machine in the bin, keeps."""
    return (*(Claim("mac", mac) for mac in macs), *((Claim("serial", serial),) if serial else ()))


def told_digest(entry: RosterEntry) -> str:
    """Of what an edge says of a device, but for the words of people."""
    evidence = [entry.added_at, entry.mac, entry.former_macs, entry.serial, entry.make, entry.model]
    return _digest(evidence)[:_DIGEST_LETTERS]


def words_digest(entry: RosterEntry) -> str:
    """Of name, place, client and tags, one after the other, so that it shows which of them is new."""
    return "".join(_digest(getattr(entry, word))[:_WORD_LETTERS] for word in _WORDS)


def new_words(entry: RosterEntry, before: str) -> frozenset[str]:
    """Which of name, place, client and tags are not those of the digest `before`."""
    now = words_digest(entry)
    places = {word: slice(_WORD_LETTERS * at, _WORD_LETTERS * (at + 1)) for at, word in enumerate(_WORDS)}
    return frozenset(word for word, place in places.items() if now[place] != before[place])


ALL_WORDS = frozenset(_WORDS)


def said(entry: RosterEntry, words: frozenset[str], name: str, before: Labels) -> tuple[str, Labels]:
    """Name and labels with those words of the entry; what cannot be shown is left out of them."""
    if "name" in words:
        name = _shown(entry.name, labels.NAME_MAX) or f"ASIC {entry.number}"
    changes: dict[str, object] = {}
    if "place" in words:
        changes["place"] = _shown(entry.place, len(entry.place))
    if "client" in words:
        changes["client"] = _shown(entry.client, len(entry.client)) or None
    if "tags" in words:
        tags = (_shown(tag, labels.TAG_MAX) for tag in entry.tags)
        changes["tags"] = tuple(dict.fromkeys(tag for tag in tags if tag))
    return name, msgspec.structs.replace(before, **changes)


def model_of(entry: RosterEntry) -> str | None:
    """Make and model, as lists show them; None where neither is known."""
    return _shown(" ".join(part for part in (entry.make, entry.model) if part), MODEL_MAX) or None


def choose(
    own: str | None, lead: Found | None, others: Sequence[Found], *, supported: bool = False
) -> str | None:
    """The machine of a device; None: it has not been seen before.

    `own` is that of its number, `lead` where its present MAC leads to, or its serial number where it has
    no MAC, and `others` where the rest does, the best first. `supported`: something of the rest leads to
    `own`: then it goes on, with the new control board, unless another edge saw that board first.
    """
    if own is None:
        if lead is not None and lead.where is Where.HERE:
            return None
        found = (each for each in (lead, *others) if each is not None)
        return next((each.machine for each in found if each.where not in (Where.GONE, Where.HERE)), None)
    if lead is None or lead.where in (Where.GONE, Where.HERE):
        return own
    moves = lead.where is Where.ELSEWHERE or not supported
    return lead.machine if moves else own


class Reading(NamedTuple):
    """How a machine is read: by a seat since `since`, whose batch said `latest` of it, None: nothing yet.

    `received_at` and `interval_s` are of the batch's last report, None where there was none.
    """

    since: float
    received_at: float | None
    interval_s: float
    latest: Latest | None


def may_take_over(
    reading: Reading, lost_at: float, now: float, pace: Pace, outages: Sequence[Outage] = ()
) -> bool:
    """Whether the reader fails a machine, and so another edge, which lost it at `lost_at`, is to read it."""
    heard_at = max(reading.received_at or 0, reading.since)
    offline_at = state.offline_at(heard_at, reading.interval_s, pace, outages)
    if now >= offline_at + OFFLINE_FOR_S:
        return True
    if now < lost_at + AGAIN_AFTER_S:
        return False
    silent_at = reading.since
    if reading.latest is not None:
        silence = reading.latest.silence
        silent_at = now if silence is None else max(silence.since, reading.since)
    return now - silent_at >= SILENT_FOR_S


def held(seat: KeptSeat) -> tuple[Claim, ...]:
    """The claims of a seat that lead to its machine."""
    return claims_held(seat.macs, seat.serial)


def _shown(text: str, most: int) -> str:
    """In one spelling and cut; "" where letters are in it that cannot be seen."""
    text = labels.one_spelling(labels.one_spelling(text)[:most])
    return text if len(text) <= most and labels.is_visible(text) else ""


def _digest(value: object) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(value)).hexdigest()
