"""Tests use fakes, one per port, and replace nothing behind the program's back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import files, tree

_MODULES = {"mock", "unittest.mock", "pytest_mock"}
_PATCHING = {"setattr", "setitem", "delattr", "delitem"}


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _patches(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        for name in _imports(node):
            if name in _MODULES:
                yield f"{path}:{name}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            called = f"{node.value.id}.{node.attr}"
            if called.startswith(("mocker.", "mock.")):
                yield f"{path}:{called}"
            if node.value.id == "monkeypatch" and node.attr in _PATCHING:
                yield f"{path}:{called}"


def test_no_test_patches() -> None:
    assert [found for path in files(".py", within=("tests",)) for found in _patches(path)] == []


def test_what_is_looked_for_is_found() -> None:
    code = "from unittest import mock\nimport unittest.mock\nfrom unittest.mock import patch\n"
    found = [name for node in ast.walk(ast.parse(code)) for name in _imports(node)]
    assert [name for name in found if name in _MODULES] == ["unittest.mock"] * 3
