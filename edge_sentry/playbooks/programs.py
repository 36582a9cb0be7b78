"""The programs that are installed: a folder for each program, version and archive, whole or not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from edge_sentry.playbooks.unpack import UnpackError, remove_folder, unpack
from wire.assignments import Archive, AssignedPlaybook

FOLDER: Final = "programs"
_UNFINISHED: Final = ".unfinished"
_DOWNLOADED: Final = ".download"

Download = Callable[[Archive, Path], None]


class Programs:
    """Below the data folder. One caller at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def place(self, playbook: AssignedPlaybook) -> Path:
        """The program's own folder: another archive of the same version is another program."""
        return self._folder / playbook.program / f"{playbook.program_version}-{playbook.archive.sha256[:12]}"

    def executable(self, playbook: AssignedPlaybook) -> Path:
        """Where the executable is, if it is installed."""
        return self.place(playbook) / playbook.archive.executable

    def is_installed(self, playbook: AssignedPlaybook) -> bool:
        """Whether it is there. It may be gone again: antivirus programs take mining programs away."""
        return os.access(self.executable(playbook), os.X_OK)

    def install(self, playbook: AssignedPlaybook, download: Download) -> None:
        """Downloads and unpacks. Raises FetchError, UnpackError or OSError; then nothing changed."""
        place = self.place(playbook)
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        unfinished, downloaded = (place.parent / f"{place.name}{end}" for end in (_UNFINISHED, _DOWNLOADED))
        try:
            remove_folder(unfinished)
            download(playbook.archive, downloaded)
            unfinished.mkdir()
            unpack(playbook.archive, downloaded, unfinished)
            remove_folder(place)
            unfinished.replace(place)
        finally:
            downloaded.unlink(missing_ok=True)
            remove_folder(unfinished)
        if not self.is_installed(playbook):
            raise UnpackError("It was unpacked and is gone: did an antivirus program take it away?")

    def keep_only(self, playbooks: Iterable[AssignedPlaybook]) -> None:
        """Removes the programs that no longer serve. What cannot be removed stays until the next time."""
        kept = {self.place(each) for each in playbooks}
        for place in self._folder.glob("*/*"):
            if place not in kept:
                try:
                    remove_folder(place) if place.is_dir() else place.unlink()
                except OSError:
                    continue
