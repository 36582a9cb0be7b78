"""How the tests share the machine's cores."""

from __future__ import annotations

import pytest

SYSTEM_TESTS = "tests/system/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that start processes and wait for them run one after another, beside the others."""
    for item in items:
        if item.nodeid.startswith(SYSTEM_TESTS):
            item.add_marker(pytest.mark.xdist_group("system"))
