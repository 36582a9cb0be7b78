"""How the tests share the machine's cores."""

from __future__ import annotations

import os


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: those that start processes mostly wait for them."""
    return (os.cpu_count() or 1) + 1
