"""Files are short enough to be read in one go, functions to be seen at once."""

from __future__ import annotations

import ast

from tests.architecture.sources import files, text, tree

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50


def test_the_walk_sees_our_files_and_no_others() -> None:
    found = {str(path) for path in files(".py", ".js", ".css")}
    assert {"cloud/app.py", "wire/messages.py", "tests/architecture/test_sizes.py"} <= found
    assert not [path for path in found if "vendor/" in path or "node_modules/" in path]


def test_files_are_under_400_lines() -> None:
    lengths = {str(path): len(text(path).splitlines()) for path in files(".py", ".js", ".mjs", ".css")}
    assert {path: length for path, length in lengths.items() if length >= FILE_LINES_MAX} == {}


def test_functions_are_at_most_50_lines() -> None:
    too_long = {}
    for path in files(".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    too_long[f"{path}:{node.name}"] = lines
    assert too_long == {}
