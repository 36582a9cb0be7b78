"""Where a list goes on: at the sort key that the page before ended with."""

from __future__ import annotations

import re

from wire.faults import Fault

_REST = re.compile(r"[A-Za-z0-9_#-]{1,200}\Z")


def checked_after(after: str | None, prefix: str) -> str | None:
    """The place to go on from, None for the beginning; raises Fault `bad_after` (422) if no page named it."""
    if after is None:
        return None
    if not after.startswith(prefix) or _REST.match(after, len(prefix)) is None:
        raise Fault("bad_after", "A list goes on after the `next` of the page before.", "after")
    return after
