"""The rig that most tests of the supervisor begin with."""

from __future__ import annotations

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
