"""Modules are named for what they do, and say it in their first sentence."""

from __future__ import annotations

import ast

from tests.architecture.sources import PACKAGES, files, text, tree

BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "data", "info"}


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    named = [path for path in files(".py", ".js", ".mjs") if BANNED & {path.stem, *path.parent.parts}]
    assert named == []


def test_no_name_is_made_of_a_banned_word() -> None:
    """`alert_manager` is `manager` still."""
    assert [path for path in files(".py") if BANNED & set(path.stem.split("_"))] == []


def test_modules_open_with_a_sentence() -> None:
    silent = []
    for path in files(".py", within=PACKAGES):
        docstring = ast.get_docstring(tree(path)) if text(path).strip() else "Empty files need none."
        if docstring is None or len(docstring.split()) < 3 or "." not in docstring:
            silent.append(str(path))
    assert silent == []


def test_sentences_of_modules_begin_with_a_capital_letter_and_end() -> None:
    odd = []
    for path in files(".py", within=PACKAGES):
        first = (ast.get_docstring(tree(path)) or "Empty.").split("\n\n")[0].strip()
        if not (first[0].isupper() or first[0] in "`'\"0123456789") or first[-1] not in ".:":
            odd.append(f"{path}: {first}")
    assert odd == []
