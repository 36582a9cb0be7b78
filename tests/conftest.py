"""How the tests share the machine's cores."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: those that start processes mostly wait for them."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def _no_log_left_behind() -> Iterator[None]:
    """Programs that are tried in process say where their log goes, which is closed after the test."""
    root = logging.getLogger()
    before, level = root.handlers.copy(), root.level
    yield
    root.handlers[:] = [each for each in root.handlers if each in before]
    root.setLevel(level)
