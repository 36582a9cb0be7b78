"""Which entry a device is that showed itself: MAC and serial number are evidence, the address is not."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec

from asic_edge.roster.book import Roster
from asic_edge.roster.entries import (
    FORMER_MACS_KEPT,
    MOST_TAGS,
    Entry,
    Question,
    RosterError,
    Sighting,
    Words,
)
from asic_edge.roster.naming import USUAL_RULE, name_by
from asic_edge.snapshot import Identity


class Fate(StrEnum):
    """What became of a sighting. TWICE: two devices tell the same MAC within one search."""

    ADDED = "added"
    KNOWN = "known"
    MOVED = "moved"
    MERGED = "merged"
    ASKED = "asked"
    TWICE = "twice"
    NEW = "new"


class Outcome(NamedTuple):
    """`entry` as it is now, None for NEW; of ASKED the one that is asked about. `text` follows its name."""

    fate: Fate
    entry: Entry | None
    text: str


NEW = Outcome(Fate.NEW, None, "is not in the roster")


def admit(roster: Roster, sighting: Sighting, words: Words, rule: str = USUAL_RULE) -> Outcome:
    """As `seen`, and adds what is new; `words` are said of it either way.

    Raises RosterError when the name is another's or the roster is full.
    """
    outcome = seen(roster, sighting, words)
    if outcome.fate is Fate.NEW:
        entry = added(roster, sighting, words, rule)
        return Outcome(Fate.ADDED, entry, "is added")
    if outcome.entry is not None and outcome.fate is not Fate.ASKED:
        outcome = outcome._replace(entry=said(roster, outcome.entry, words))
    return outcome


def seen(roster: Roster, sighting: Sighting, words: Words = Words()) -> Outcome:  # noqa: B008 - immutable
    """Brings the entry up to date; asks where a new MAC may be a new control board.

    Who is known to have left an address loses it.
    """
    identity = sighting.identity
    entry = _by_evidence(roster, identity)
    if entry is not None:
        return _recognised(roster, entry, sighting)
    alike = _alike(roster, sighting, words)
    if alike is not None:
        return _asked(roster, *alike, sighting, words)
    there = roster.at(identity.address)
    if there is not None and _could_be(there, identity):
        return _recognised(roster, there, sighting)
    leaves(roster, there)
    return NEW


def added(roster: Roster, sighting: Sighting, words: Words, rule: str) -> Entry:
    """A new entry; raises RosterError."""
    name = words.name or roster.free_name(name_by(rule, sighting.identity, words.place))
    entry = Entry(
        number=roster.number(),
        name=name,
        by_rule=not words.name,
        place=words.place,
        client=words.client,
        tags=words.tags,
        added_at=sighting.at,
    )
    entry = updated(entry, sighting)
    roster.put(entry)
    return entry


def said(roster: Roster, entry: Entry, words: Words) -> Entry:
    """With what people say of it; nothing said changes nothing. Raises RosterError for another's name."""
    changes = {name: told for name in words.__struct_fields__ if (told := getattr(words, name))}
    if words.name:
        changes["by_rule"] = False
    changed = msgspec.structs.replace(entry, **changes)
    roster.put(changed)
    return changed


def leaves(roster: Roster, entry: Entry | None) -> None:
    """Another device is at its address."""
    if entry is not None:
        roster.put(msgspec.structs.replace(entry, address=None))


def updated(entry: Entry, sighting: Sighting) -> Entry:
    """As the device shows itself; what it does not tell stays."""
    identity = sighting.identity
    told = {
        name: getattr(identity, name)
        for name in ("mac", "serial", "make", "model", "firmware", "hostname")
        if getattr(identity, name)
    }
    former = entry.former_macs
    if entry.mac and identity.mac and identity.mac != entry.mac:
        former = tuple(dict.fromkeys((*former, entry.mac)))
        former = tuple(each for each in former if each != identity.mac)[-FORMER_MACS_KEPT:]
    return msgspec.structs.replace(
        entry,
        address=identity.address or None,
        reader=sighting.reader,
        seen_at=sighting.at,
        former_macs=former,
        **told,
    )


def _by_evidence(roster: Roster, identity: Identity) -> Entry | None:
    """By MAC; by a former one only where it was then; by serial number where no MAC speaks against it."""
    entry = roster.with_mac(identity.mac)
    if entry is not None:
        return entry
    there = roster.at(identity.address)
    if there is not None and identity.mac in there.former_macs:
        return there
    entry = roster.with_serial(identity.make, identity.serial)
    return entry if entry is not None and not (entry.mac and identity.mac) else None


def _recognised(roster: Roster, entry: Entry, sighting: Sighting) -> Outcome:
    identity = sighting.identity
    if entry.seen_at == sighting.at and entry.address not in (None, identity.address):
        return Outcome(Fate.TWICE, entry, f"tells the MAC or serial number that {identity.address} tells too")
    before, count = entry, len(roster)
    entry = _joined(roster, entry, roster.with_serial(identity.make, identity.serial), identity)
    entry = _joined(roster, entry, roster.at(identity.address), identity)
    entry = updated(entry, sighting)
    roster.put(entry)
    _settle(roster, entry, identity)
    if len(roster) < count:
        return Outcome(Fate.MERGED, entry, "stood in the roster twice and is one entry now")
    if before.address != identity.address:
        return Outcome(Fate.MOVED, entry, f"moved from {before.address or 'elsewhere'} to {identity.address}")
    return Outcome(Fate.KNOWN, entry, "is in the roster")


def _joined(roster: Roster, entry: Entry, other: Entry | None, identity: Identity) -> Entry:
    """With `other` if that is the same device; else who stands at its address leaves."""
    if other is None or other.number == entry.number:
        return entry
    if _is_the_same(other, entry, identity):
        return _merged(roster, entry, other)
    if other.address == identity.address:
        leaves(roster, other)
    return entry


def _is_the_same(other: Entry, entry: Entry, identity: Identity) -> bool:
    """Whether `other` was only another view of the device: it has no evidence that says otherwise.

    One that was seen at the address is merged only if `entry` was nowhere else meanwhile.
    """
    if not _could_be(other, identity) or (other.mac and other.mac != identity.mac):
        return False
    by_serial = identity.serial is not None and other.serial == identity.serial
    return by_serial or other.seen_at is None or entry.address is None


def _could_be(entry: Entry, identity: Identity) -> bool:
    """Nothing that both tell differs."""
    pairs = ((getattr(entry, name), getattr(identity, name)) for name in ("make", "model", "serial", "mac"))
    return all(ours is None or theirs is None or ours == theirs for ours, theirs in pairs)


def _merged(roster: Roster, one: Entry, two: Entry) -> Entry:
    """The older one, with what it lacks from the other. The other is gone."""
    first, second = sorted((one, two), key=lambda each: each.number)
    lacking = {
        name: getattr(second, name)
        for name in ("place", "client", "mac", "serial", "make", "model", "firmware", "hostname", "reader")
        if not getattr(first, name)
    }
    if first.by_rule and not second.by_rule:
        lacking |= {"name": second.name, "by_rule": False}
    merged = msgspec.structs.replace(
        first,
        tags=tuple(dict.fromkeys((*first.tags, *second.tags)))[:MOST_TAGS],
        former_macs=tuple(dict.fromkeys((*first.former_macs, *second.former_macs)))[-FORMER_MACS_KEPT:],
        seen_at=max((each for each in (first.seen_at, second.seen_at) if each), default=None),
        **lacking,
    )
    roster.remove(second.number)
    roster.put(merged)
    return merged


def _settle(roster: Roster, entry: Entry, identity: Identity) -> None:
    """Its own MAC was seen: nobody else is it, and it is nobody else."""
    if identity.mac is None:
        return
    for question in tuple(roster.questions.values()):
        if question.of == entry.number or question.sighting.identity.mac == identity.mac:
            del roster.questions[question.number]


def _alike(roster: Roster, sighting: Sighting, words: Words) -> tuple[Entry, str] | None:
    """The entry that this device may be with a new control board, and why."""
    identity = sighting.identity
    if identity.mac is None:
        return None
    for question in roster.questions.values():
        if question.sighting.identity.mac == identity.mac and (of := roster.get(question.of)) is not None:
            return of, question.because
    by_serial = roster.with_serial(identity.make, identity.serial)
    if by_serial is not None:
        return by_serial, "it has the same serial number"
    there = roster.at(identity.address)
    if there is not None and there.mac is not None and _is_like(there, identity):
        return there, "it is of the same model, at the same address"
    placed = _gone_from(roster, words.place)
    if placed is not None and placed.mac is not None and _is_like(placed, identity):
        return placed, "it is of the same model, at the same place"
    return None


def _is_like(entry: Entry, identity: Identity) -> bool:
    return _could_be(msgspec.structs.replace(entry, mac=None, serial=None), identity)


def _gone_from(roster: Roster, place: str) -> Entry | None:
    """The one entry of this place that is nowhere now; several devices may share a place."""
    found = [each for each in roster if each.place == place and each.address is None] if place else []
    return found[0] if len(found) == 1 else None


def _asked(roster: Roster, entry: Entry, because: str, sighting: Sighting, words: Words) -> Outcome:
    """Once for each MAC. What was asked of the one that was at this address before is settled."""
    mac = sighting.identity.mac
    for each in tuple(roster.questions.values()):
        identity = each.sighting.identity
        if each.of == entry.number and identity.address == sighting.identity.address and identity.mac != mac:
            del roster.questions[each.number]
    open_already = (number for number, each in roster.questions.items() if each.sighting.identity.mac == mac)
    number = next(open_already, 0) or roster.number()
    former = roster.questions.get(number)
    kept = words if words != Words() or former is None else former.words
    if kept.name and (other := roster.named(kept.name)) is not None and other.number != entry.number:
        raise RosterError(f"{other.name} is the name of another device already.")
    roster.ask(Question(number=number, of=entry.number, sighting=sighting, because=because, words=kept))
    there = roster.at(sighting.identity.address)
    if there is not None and there.number != entry.number and not _could_be(there, sighting.identity):
        leaves(roster, there)
    text = f"may be {entry.name} with a new control board (question {number}): {because}"
    return Outcome(Fate.ASKED, entry, text)
