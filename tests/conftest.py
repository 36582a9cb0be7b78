"""How the tests share the machine's cores."""

from __future__ import annotations

import pytest

SYSTEM_TESTS = "tests/system/"
BROWSER_TESTS = "tests/system/test_browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that start processes and mostly wait for them run in two rows, one of them with a browser."""
    for item in items:
        if item.nodeid.startswith(SYSTEM_TESTS):
            row = "browser" if item.nodeid.startswith(BROWSER_TESTS) else "system"
            item.add_marker(pytest.mark.xdist_group(row))
