"""The programs that an owner named and that somebody else runs: from the wire's words to the supervisor's."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from edge_sentry.miners.listener import Listener
from edge_sentry.supervisor.neighbours import executable_of
from edge_sentry.supervisor.playbook import Watched
from wire.messages import WatchedProgram


def watched_of(
    wanted: Iterable[WatchedProgram], before: Iterable[Watched], playbooks: Iterable[str]
) -> tuple[Watched, ...]:
    """All that are wanted; an executable that is known already stays known.

    One with the id of a playbook is left out: a report could not tell the two apart.
    """
    known = {(each.id, each.program, each.api_port): each for each in before}
    taken = set(playbooks)
    found: dict[str, Watched] = {}
    for each in wanted:
        if each.program not in taken:
            new = Watched(id=each.program, program=each.miner, api_port=each.port)
            found[each.program] = known.get((new.id, new.program, new.api_port), new)
    return tuple(found.values())


def executable_behind(listener: Listener) -> str:
    """The file name of the program that listens there, "" where it cannot be known: of another user's
    program a service without rights sees no pid.

    An interpreter like our own is none: it would be in the way of every program that it can run.
    """
    import psutil  # noqa: PLC0415 - only when a program was named

    if listener.pid is None:
        return ""
    with suppress(psutil.Error, OSError):
        name = executable_of(psutil.Process(listener.pid))
        return "" if name == Path(sys.executable).resolve().name else name
    return ""
