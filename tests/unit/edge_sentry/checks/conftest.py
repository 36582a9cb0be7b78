"""A healthy folder on a rig without service."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.settings.identity import save_identity
from tests.unit.edge_sentry.checks.fakes import Rig
from tests.unit.edge_sentry.settings.test_files import IDENTITY


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    made = Rig(tmp_path)
    made.folder.mkdir(parents=True)
    made.folder.chmod(0o700)
    save_identity(made.folder, IDENTITY)
    return made
