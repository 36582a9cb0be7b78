"""When a program that ended may start again: back-off, and the crash loop."""

from __future__ import annotations

from msgspec.structs import replace

from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.processes import Ending
from edge_sentry.supervisor.records import Tally

_FIRST_SIGNAL = 128
_WORDS = {
    125: "its folder is not there",
    126: "the script or the program is not executable",
    127: "the program is not there; a virus scanner may have removed it",
}


def counted(tally: Tally, ran_s: float, now: float, defaults: Defaults) -> tuple[Tally, float]:
    """After an unwanted end of a run that lasted `ran_s`; with the seconds to wait before the next."""
    long = ran_s >= defaults.crash_loop_within_s
    in_row = 1 if long else tally.in_row + 1
    exits = (*(at for at in tally.exits if now - at < defaults.crash_loop_within_s), now)
    looping = (tally.looping and not long) or len(exits) >= defaults.crash_loop_exits
    wait_s = defaults.back_off_s[min(in_row, len(defaults.back_off_s)) - 1]
    return (
        replace(tally, exits=exits, in_row=in_row, looping=looping),
        defaults.crash_loop_retry_s if looping else wait_s,
    )


def settled(tally: Tally, ran_s: float, defaults: Defaults) -> Tally:
    """During a run: once it lasts, all is forgiven."""
    return replace(tally, looping=False, in_row=0) if ran_s >= defaults.crash_loop_within_s else tally


def in_words(ending: Ending | None) -> str:
    """An exit status as people say it."""
    status = None if ending is None else ending.status
    if ending is None or status is None:
        return "ended without a status: it was killed, or the rig lost power"
    if status > _FIRST_SIGNAL:
        return f"ended by signal {status - _FIRST_SIGNAL}"
    words = ending.why or _WORDS.get(status)
    return f"ended with status {status}" + (f": {words}" if words else "")
