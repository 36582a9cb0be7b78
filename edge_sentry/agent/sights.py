"""Puts together what the supervisor and the readers know of each program, and says what is to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edge_sentry.agent.figures import UNKNOWN, Sight
from edge_sentry.agent.program_reader import Seen
from edge_sentry.agent.readers import Target
from edge_sentry.miners.normal_form import Trouble
from edge_sentry.supervisor.playbook import Playbook, Watched
from edge_sentry.supervisor.view import PlaybookView, State
from wire.messages import Program

MOST = 16
_LONGEST_NAME = 64
_LONGEST_REASON = 200


def targets_of(
    running: Iterable[Playbook],
    views: Iterable[PlaybookView],
    watched: Iterable[Watched],
    known: Iterable[str],
) -> tuple[Target, ...]:
    """What is to be read: whatever runs or is watched, and can be. `known`: the programs of the table."""
    names = set(known)
    pids = {each.id: each.pid for each in views if each.pid is not None}
    ours = [_target(each, pids[each.id], names) for each in running if each.id in pids]
    # What is watched on the port of one of ours would count twice.
    taken = {None, *(each.port for each in ours if each is not None)}
    others = [
        Target(each.id, each.program, each.api_port, managed=False)
        for each in watched
        if each.program in names and each.api_port not in taken
    ]
    return tuple(each for each in (*ours, *others) if each is not None)[:MOST]


def sights_of(
    views: Iterable[PlaybookView],
    watched: Iterable[Watched],
    seen: Mapping[str, Seen],
    known: Iterable[str],
    now: float,
) -> tuple[Sight, ...]:
    """Every program, ours first; `now` by the steady clock."""
    names = set(known)
    ours = (_ours(each, seen.get(each.id), now) for each in views)
    return (*ours, *(_watched(each, seen.get(each.id), names, now) for each in watched))[:MOST]


def _target(playbook: Playbook, pid: int, known: set[str]) -> Target | None:
    if playbook.program in known and playbook.api_port is not None:
        port, token = playbook.api_port, playbook.api_token
        return Target(playbook.id, playbook.program, port, managed=True, run=pid, token=token)
    if playbook.hashrate_after is None:
        return None
    words = playbook.hashrate_after
    return Target(playbook.id, playbook.program, None, managed=True, run=pid, hashrate_after=words)


def _ours(view: PlaybookView, seen: Seen | None, now: float) -> Sight:
    """What was read of another run is nothing of this one's."""
    seen = seen if seen is not None and seen.target.run == view.pid else None
    running = view.state is State.RUNNING
    unread = seen.newest.reason or "" if seen is not None and running else ""
    program = Program(
        program=view.id,
        miner=_name(view.program),
        state=view.state.value,
        reason=(view.reason or unread)[:_LONGEST_REASON],
        running_s=view.running_s,
    )
    return _with_reading(Sight(program, hashes=running), seen, now)


def _watched(watched: Watched, seen: Seen | None, known: set[str], now: float) -> Sight:
    state, reason, hashes = "starting", "it was not read yet", False
    if watched.program not in known or watched.api_port is None:
        state, reason = "refused", f"there is no mining program '{watched.program}' in the sentry's table"
        if watched.program in known:
            reason = "the port of its API is not known"
    elif seen is not None:
        newest = seen.newest
        state, reason = newest.state.value, newest.reason or ""
        hashes = newest.trouble is not Trouble.NOTHING_LISTENS
    program = Program(
        program=watched.id,
        miner=_name(watched.program),
        state=state,
        managed=False,
        reason=reason[:_LONGEST_REASON],
    )
    return _with_reading(Sight(program, hashes=hashes), seen, now)


def _with_reading(sight: Sight, seen: Seen | None, now: float) -> Sight:
    if seen is None or seen.told is None:
        return sight
    return sight._replace(reading=seen.told, age_s=max(now - seen.told_at, 0.0))


def _name(program: str) -> str:
    return program[:_LONGEST_NAME] or UNKNOWN
