"""Asks a running program and gives its figures in the normal form, or the reason why there are none."""

from __future__ import annotations

import time
from collections.abc import Callable

from edge_sentry.miners.normal_form import Figures, MinerReading, State, Trouble
from edge_sentry.miners.question import Question, Replies, Unreadable
from edge_sentry.miners.table import Miner
from edge_sentry.miners.transport import reply_to

# Rigs with many cards answer slowly; HiveOS waits for 15 s, UG-Miner for 5 s.
DEADLINE_S = 5.0


def read_miner(
    miner: Miner,
    port: int,
    token: str | None = None,
    *,
    deadline_s: float = DEADLINE_S,
    now: Callable[[], float] = time.time,
) -> MinerReading:
    """One reading of the program on 127.0.0.1:`port`. Never fails for what is, or is not, there.

    `deadline_s` holds for all questions together; `now` is in epoch seconds.
    """
    ends_at = time.monotonic() + deadline_s
    try:
        replies = [_asked(question, port, ends_at, token) for question in miner.questions]
    except Unreadable as error:
        return unread(miner, now(), error)
    return reading_of(miner, replies, now())


def reading_of(miner: Miner, replies: Replies, now: float) -> MinerReading:
    """The normal form of what was answered at the epoch second `now`."""
    try:
        figures = miner.read(replies, now)
    except Unreadable as error:
        return unread(miner, now, error)
    said = {name: getattr(figures, name) for name in Figures.__struct_fields__}
    return MinerReading(miner=miner.name, read_at=round(now, 3), **said)


def unread(miner: Miner, now: float, error: Unreadable) -> MinerReading:
    """A reading without figures: the API is down, whatever the program itself does."""
    sentence = "" if error.trouble is Trouble.NOTHING_LISTENS else "API not readable: "
    return MinerReading(
        miner=miner.name,
        read_at=round(now, 3),
        state=State.API_DOWN,
        trouble=error.trouble,
        reason=f"{sentence}{error.reason}",
    )


def _asked(question: Question, port: int, ends_at: float, token: str | None) -> bytes | None:
    try:
        return reply_to(question, port, ends_at, token)
    except Unreadable:
        if question.required:
            raise
        return None
