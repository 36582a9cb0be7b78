"""What a run leaves on disk: the playbook it was started from, and what may not be forgotten of it."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from edge_sentry.settings.files import replace_file
from edge_sentry.settings.loading import load_if_readable
from edge_sentry.supervisor.places import RECORD, TALLY
from edge_sentry.supervisor.playbook import Playbook


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What limits restarts. Its times are of the steady clock, so it holds for one boot only.

    `exits` and `in_row`: unwanted ends lately and since the last long run; `tries`: restarts by row;
    `hot`: the cards for whose temperature mining stopped.
    """

    exits: tuple[float, ...] = ()
    in_row: Annotated[int, Meta(ge=0)] = 0
    looping: bool = False
    tries: dict[str, tuple[float, ...]] = {}
    hot: tuple[str, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    boot: str
    at: float
    tally: Tally


def load_playbook(folder: Path) -> Playbook | None:
    """Of the newest run, begun or about to begin; None when there is nothing readable."""
    return load_if_readable(folder / RECORD, Playbook)


def save_playbook(folder: Path, playbook: Playbook) -> None:
    """Written before the start. Nothing is written when it is there already, so that a full disk does
    not keep a rig from mining after a boot. Raises OSError."""
    if load_playbook(folder) != playbook:
        replace_file(folder / RECORD, msgspec.json.encode(playbook), durable=True)


def load_tally(folder: Path, boot: str, steady: float) -> Tally:
    """An empty one when it is of another boot, or of times that are still to come."""
    kept = load_if_readable(folder / TALLY, _Kept)
    if kept is None or kept.boot != boot:
        return Tally()
    times = chain((kept.at,), kept.tally.exits, *kept.tally.tries.values())
    return kept.tally if max(times) <= steady else Tally()


def save_tally(folder: Path, boot: str, steady: float, tally: Tally) -> None:
    """Raises OSError."""
    replace_file(folder / TALLY, msgspec.json.encode(_Kept(boot, steady, tally)), durable=False)
