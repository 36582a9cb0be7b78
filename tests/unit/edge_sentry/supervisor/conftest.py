"""The rig that most tests of the supervisor begin with, and a disk on which no new file can be made."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.edge_sentry.supervisor.fakes import FIRST, SECOND, Rig, playbook


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    """One that mines well and is warm."""
    rig = Rig(tmp_path, playbook(devices=(FIRST, SECOND)))
    rig.healthy()
    rig.cards()
    rig.pass_s(300)
    assert rig.kinds() == ["started"]
    return rig


@pytest.fixture
def no_new_wishes_file(tmp_path: Path) -> Callable[[Path], None]:
    """From its call on the file of wishes in a folder can be written over, but not replaced."""

    def refuse(folder: Path) -> None:
        (folder / f".wishes.json.{os.getpid()}").mkdir()

    return refuse
