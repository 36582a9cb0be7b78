"""Errands of an ASIC edge while they wait: which are sent, which are settled, which came too late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from cloud.domain.asic_records import StoredErrand
from cloud.domain.labels import checked_tags, checked_text
from cloud.domain.records import Agent, WaitingErrand
from wire.edge import (
    AddFound,
    AnswerQuestion,
    EdgeState,
    Errand,
    ErrandResult,
    GivenErrand,
    ImportRows,
    RemoveDevices,
    Search,
)
from wire.edge_page import ErrandView
from wire.faults import Fault

WAITS_S = 900.0
"""Nothing is to happen by surprise hours later, when an edge is back that was off."""
WAITING_MAX = 10
KEPT_S = 86_400.0
ERRAND_MAX_BYTES = 220_000
"""As JSON, of one errand and of those of one answer: an agent reads 256 KiB of an answer."""
TOO_LATE = "It was not confirmed within 15 minutes; it is not sent any more."
DELETED = "It was not confirmed before the edge was deleted; it is not sent any more."
ENROLLED = "It was not confirmed before the edge was enrolled again; it is not sent any more."
RANGE_MAX = 200
DIGITS_MAX = 12
"""Of an errand's number."""
_NUMBER_MAX = 2**39
_NAMED_MAX = 20


def kind_of(errand: Errand) -> str:
    """The errand's tag, as "search"."""
    return str(errand.__struct_config__.tag)


def is_preview(errand: Errand) -> bool:
    """Whether it only says what it would change."""
    return isinstance(errand, ImportRows) and not errand.apply


def waiting(agent: Agent, now: float, done: int = 0) -> tuple[int, ...]:
    """Numbers of what the edge is still to do, in order; `done` is that of the last errand it has ended."""
    return tuple(each.number for each in agent.errands if each.number > done and not _late(each.at, now))


def settled(agent: Agent, now: float, done: int = 0) -> Agent:
    """The agent without what is done or too late.

    An edge that has done more than was ever given talks to a commander that was restored from a copy:
    numbers go on above it, or it would take new errands for old ones.
    """
    wait = waiting(agent, now, done)
    kept = tuple(each for each in agent.errands if each.number in wait)
    given = max(agent.errands_given, min(done, _NUMBER_MAX))
    return replace(agent, errands=kept, errands_given=given)


def given(agent: Agent, now: float) -> Agent:
    """The agent with one more errand, `errands_given`; raises Fault `too_many_errands` (409)."""
    if len(agent.errands) >= WAITING_MAX:
        message = f"{WAITING_MAX} errands wait for this edge already; wait until it has done some."
        raise Fault("too_many_errands", message, status=409)
    number = agent.errands_given + 1
    return replace(agent, errands=(*agent.errands, WaitingErrand(number, now)), errands_given=number)


def checked(errand: Errand) -> Errand:
    """The errand with its labels in one spelling; raises Fault `bad_label` or `errand_too_large` (422)."""
    size = len(msgspec.json.encode(errand))
    if size > ERRAND_MAX_BYTES:
        message = f"It has {size:,} bytes; an edge takes {ERRAND_MAX_BYTES:,} at once: give it in parts."
        raise Fault("errand_too_large", message, "errand")
    if isinstance(errand, Search):
        ranges = (checked_text(each, "errand.ranges", RANGE_MAX) for each in errand.ranges)
        return replace(errand, ranges=tuple(ranges))
    if not isinstance(errand, AddFound):
        return errand
    return replace(
        errand,
        rule=checked_text(errand.rule, "errand.rule", 120),
        place=checked_text(errand.place, "errand.place", 120),
        client=checked_text(errand.client, "errand.client", 80),
        tags=checked_tags(errand.tags),
    )


def summary(errand: Errand) -> dict[str, Any]:
    """What the audit log holds of it: who or what it is about, and of long lists the first and how many."""
    told: dict[str, Any] = {"kind": kind_of(errand)}
    match errand:
        case Search():
            told |= {"ranges": errand.ranges, "public": errand.public}
        case AddFound():
            told |= {"count": len(errand.addresses), "addresses": errand.addresses[:_NAMED_MAX]}
            told |= {"rule": errand.rule, "place": errand.place, "client": errand.client, "tags": errand.tags}
        case ImportRows():
            told |= {"lines": len(errand.csv.splitlines()), "apply": errand.apply}
        case RemoveDevices():
            told |= {"count": len(errand.machines), "machines": errand.machines[:_NAMED_MAX]}
        case AnswerQuestion():
            told |= {"question": errand.question, "answer": errand.answer}
    return told


def dropped(agent: Agent) -> Agent:
    """The agent without what waits, which is never sent."""
    last = max((each.number for each in agent.errands), default=agent.errands_dropped)
    return replace(agent, errands=(), errands_dropped=last)


def that_fit(errands: Sequence[GivenErrand]) -> tuple[GivenErrand, ...]:
    """As many of them, from the first on, as one answer holds."""
    room, fit = ERRAND_MAX_BYTES, []
    for each in errands:
        room -= len(msgspec.json.encode(each.errand))
        if room < 0:
            break
        fit.append(each)
    return tuple(fit)


def view(kept: StoredErrand, agent: Agent, state: EdgeState | None, now: float) -> ErrandView:
    """How the errand stands, with all lines of its result."""
    result = kept.result
    why = _lost(kept, agent, state, now) if result is None else None
    if why is not None:
        result = ErrandResult(kept.number, ok=False, text=why)
    expired = why is not None
    return ErrandView(kept.number, kept.kind, kept.given_at, result, expired=expired, preview=kept.preview)


def without_lines(errand: ErrandView) -> ErrandView:
    """As in a list of many."""
    return replace(errand, result=replace(errand.result, lines=())) if errand.result else errand


def _lost(kept: StoredErrand, agent: Agent, state: EdgeState | None, now: float) -> str | None:
    """Why an errand without a result is not sent any more, None while it is sent or under way."""
    if kept.number in waiting(agent, now) or _is_under_way(kept.number, state):
        return None
    if (state.errands_done if state else 0) < kept.number <= agent.errands_dropped:
        return DELETED
    if agent.epoch > 1 and kept.given_at < (agent.enrolled_at or 0):
        return ENROLLED
    return TOO_LATE if _late(kept.given_at, now) else None


def _is_under_way(number: int, state: EdgeState | None) -> bool:
    """A search may last for longer than an errand waits."""
    search = state.search if state else None
    return search is not None and search.state == "running" and search.number == number


def _late(at: float, now: float) -> bool:
    return now >= at + WAITS_S
