"""What the owner wants of each playbook, apart from what is assigned; survives any restart."""

from __future__ import annotations

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from edge_sentry.settings.files import MOST_BYTES, overwrite, replace_file
from edge_sentry.settings.loading import Unreadable, load

_NAME = "wishes.json"
# So much of a pause may be lost to a power cut.
_SAVE_EVERY_S = 60.0
# Kept free in the file, so that a wish can be written on a full disk: some fifty of them.
_ROOM_BYTES = 8192


log = logging.getLogger(__name__)


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
    pause_left_s: Annotated[float, Meta(ge=0, le=1e11)] | None = None
    afresh: bool = False
    take_over: bool = False


class WishBook:
    """The wishes by playbook id. A change that cannot be written to the disk counts all the same."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._wishes, self._lost = _loaded(self._path)
        # Also where all is well: only a file that has its room can be written later on a full disk.
        self._saved = _has_room(self._path)
        self._saved_at = 0.0

    @property
    def unsaved(self) -> bool:
        """Whether a restart of the agent would forget something."""
        return not self._saved

    def lost(self, playbook: str) -> bool:
        """Whether the owner may have wanted something of it that could not be read."""
        return self._lost is None or playbook in self._lost

    def of(self, playbook: str) -> Wish:
        """The owner's, else to run."""
        return self._wishes.get(playbook, Wish())

    def put(self, playbook: str, wish: Wish) -> None:
        """To be saved with `save`."""
        self._wishes[playbook] = wish
        if self._lost is not None:
            self._lost.discard(playbook)
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
        if self._saved:
            return
        content = msgspec.json.encode(self._wishes)
        try:
            replace_file(self._path, content.ljust(max(_ROOM_BYTES, 2 * len(content))), durable=True)
        except OSError:
            # The disk is full: what is there has room enough, and the spaces hide what was longer.
            size = self._path.lstat().st_size
            if not len(content) <= size <= MOST_BYTES:
                raise
            overwrite(self._path, content.ljust(size))
        self._saved = True


def _loaded(path: Path) -> tuple[dict[str, Wish], set[str] | None]:
    """The wishes, and the playbooks of those that cannot be read, None when that may be any."""
    try:
        entries = load(path, dict[str, msgspec.Raw]) or {}
    except Unreadable as error:
        log.warning("The owner's wishes: %s", error)
        return {}, None
    wishes, lost = {}, set()
    for playbook, entry in entries.items():
        try:
            wishes[playbook] = msgspec.json.decode(entry, type=Wish)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            lost.add(playbook)
    return wishes, lost


def _has_room(path: Path) -> bool:
    try:
        return path.lstat().st_size >= _ROOM_BYTES
    except OSError:
        return False


def counted_down(wish: Wish, elapsed_s: float) -> Wish:
    """The wish after so many seconds: a pause that is over becomes RUN, at once."""
    if wish.want is not Want.PAUSE or wish.pause_left_s is None:
        return wish
    left_s = wish.pause_left_s - elapsed_s
    if left_s <= 0:
        return msgspec.structs.replace(wish, want=Want.RUN, pause_left_s=None, afresh=True)
    return msgspec.structs.replace(wish, pause_left_s=left_s)
