"""What the owner wants of each playbook, apart from what is assigned; survives any restart."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from edge_sentry.settings.files import replace_file

_NAME = "wishes.json"
# So much of a pause may be lost to a power cut.
_SAVE_EVERY_S = 60.0


class Want(StrEnum):
    """PAUSE ends by itself when it has a duration, STOP never does."""

    RUN = "run"
    STOP = "stop"
    PAUSE = "pause"


class Wish(msgspec.Struct, frozen=True):
    """`pause_left_s` counts down while the agent runs, so that no wrong clock can end or extend it.

    `afresh`: one new start, at once. `take_over`: a program that somebody else started is no obstacle.
    """

    want: Want = Want.RUN
    pause_left_s: float | None = None
    afresh: bool = False
    take_over: bool = False


class WishBook:
    """The wishes by playbook id. A change that cannot be written to the disk counts all the same."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._wishes = _loaded(self._path)
        self._saved = True
        self._saved_at = 0.0

    def of(self, playbook: str) -> Wish:
        """The owner's, else to run."""
        return self._wishes.get(playbook, Wish())

    def put(self, playbook: str, wish: Wish) -> None:
        """To be saved with `save`."""
        self._wishes[playbook] = wish
        self._saved = False

    def keep_only(self, playbooks: set[str]) -> None:
        """Forgets those of playbooks that are no longer assigned."""
        for gone in self._wishes.keys() - playbooks:
            del self._wishes[gone]
            self._saved = False

    def pass_time(self, elapsed_s: float, now: float) -> list[str]:
        """Counts pauses down; gives the playbooks whose pause is over."""
        paused = {name: wish for name, wish in self._wishes.items() if wish.pause_left_s is not None}
        after = {name: counted_down(wish, elapsed_s) for name, wish in paused.items()}
        self._wishes.update(after)
        over = [name for name, wish in after.items() if wish.want is not Want.PAUSE]
        if over or (paused and now - self._saved_at >= _SAVE_EVERY_S):
            self._saved = False
            self._saved_at = now
        return over

    def save(self) -> None:
        """Writes what changed; raises OSError."""
        if not self._saved:
            replace_file(self._path, msgspec.json.encode(self._wishes), durable=True)
            self._saved = True


def _loaded(path: Path) -> dict[str, Wish]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Wish])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def counted_down(wish: Wish, elapsed_s: float) -> Wish:
    """The wish after so many seconds: a pause that is over becomes RUN, at once."""
    if wish.want is not Want.PAUSE or wish.pause_left_s is None:
        return wish
    left_s = wish.pause_left_s - elapsed_s
    if left_s <= 0:
        return msgspec.structs.replace(wish, want=Want.RUN, pause_left_s=None, afresh=True)
    return msgspec.structs.replace(wish, pause_left_s=left_s)
