"""What is kept of errands on disk, so that each is done once whatever ends this program."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from asic_edge.errands.outcome import failed, result_of
from asic_edge.settings.files import load, save
from asic_edge.settings.folder import SettingsError
from wire.edge import ErrandResult

NAME: Final = "errands.json"
RESULTS_KEPT: Final = 20
INTERRUPTED: Final = failed("It was interrupted; give it again.")
DAMAGED: Final = "The list of errands done was damaged and is begun anew; one may be done a second time."


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The file. `agent`: whose numbers these are. `begun` is under way while it is above `done`."""

    agent: str
    done: int = 0
    begun: int = 0
    results: tuple[ErrandResult, ...] = ()

    def having(self, result: ErrandResult) -> Kept:
        """With one more that ended; of those that are never accepted the newest are kept."""
        results = (*self.results, result)[-RESULTS_KEPT:]
        return msgspec.structs.replace(self, done=result.number, begun=0, results=results)


def load_kept(folder: Path, agent: str) -> tuple[Kept, str]:
    """What was under way counts as failed. Also a sentence where the file was damaged, else ""."""
    trouble = ""
    try:
        kept = load(folder / NAME, Kept, "")
    except SettingsError:  # rather an errand twice, each of which can be, than an edge that does not read
        kept, trouble = None, DAMAGED
    if kept is None or kept.agent != agent:
        return Kept(agent=agent), trouble
    if kept.begun > kept.done:
        kept = kept.having(result_of(kept.begun, INTERRUPTED))
    return kept, trouble


def save_kept(folder: Path, kept: Kept) -> None:
    """Raises SettingsError."""
    save(folder / NAME, kept)
