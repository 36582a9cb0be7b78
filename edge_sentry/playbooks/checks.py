"""Checks the values of a believed document again: nothing in them may mean something to a shell or a path."""

from __future__ import annotations

from collections.abc import Iterator

from edge_sentry.playbooks.belief import Unbelievable, Why
from edge_sentry.playbooks.scripts import OURS
from wire.assignments import AssignedPlaybook, Document, System
from wire.placeholders import PASSWORD, Alphabet, pool_address_problem, value_problem

_DEVICE = Alphabet("a device", "A-Za-z0-9", "A-Za-z0-9.:_-", 64)


def check_values(document: Document, ours: System = OURS) -> None:
    """Raises Unbelievable with the place of the first value that cannot be used, where there is one."""
    for place, playbook in enumerate(document.playbooks):
        for where, problem in _problems(playbook, ours):
            told = f"The document's playbooks[{place}].{where}: {problem}."
            raise Unbelievable(Why.VALUES, told)
    ids = [each.playbook for each in document.playbooks]
    if len(set(ids)) < len(ids):
        raise Unbelievable(Why.VALUES, "The document has the same playbook twice.")


def _problems(playbook: AssignedPlaybook, ours: System) -> Iterator[tuple[str, str]]:
    """Where, and what is wrong there."""
    if playbook.system is not ours:
        yield "system", f"it is for {playbook.system.value} and this rig is {ours.value}"
    if not playbook.program.strip("."):
        yield "program", f"{playbook.program!r} names another folder"
    if any(not part.strip(".") for part in playbook.archive.executable.split("/")):
        yield "archive.executable", f"{playbook.archive.executable!r} leads out of the program's folder"
    if len(playbook.scripts) not in (1, len(playbook.pools)):
        yield "scripts", f"there are {len(playbook.scripts)} for {len(playbook.pools)} pools"
    for number, pool in enumerate(playbook.pools):
        if (found := pool_address_problem(pool.address)) is not None:
            yield f"pools[{number}].address, letter {found.column}", found.text
    yield from _of_texts(playbook)
    for number, script in enumerate(playbook.scripts):
        yield from ((f"scripts[{number}], {where}", told) for where, told in _in_script(script))


def _of_texts(playbook: AssignedPlaybook) -> Iterator[tuple[str, str]]:
    """Of a secret not even the letter that is wrong is told."""
    for number, text in enumerate(playbook.secrets):
        if (found := value_problem(text, PASSWORD)) is not None:
            yield f"secrets[{number}], letter {found.column}", "a secret cannot have this letter"
    for number, text in enumerate(playbook.devices):
        if (found := value_problem(text, _DEVICE)) is not None:
            yield f"devices[{number}], letter {found.column}", found.text


def _in_script(script: str) -> Iterator[tuple[str, str]]:
    """What no filled script has: letters that editors do not show, and placeholders."""
    for line, text in enumerate(script.split("\n"), 1):
        for column, letter in enumerate(text, 1):
            if letter != "\t" and not letter.isprintable():
                yield f"line {line}, column {column}", f"a script cannot have {letter!r}"
        for braces in ("{{", "}}"):
            if braces in text:
                yield f"line {line}, column {text.index(braces) + 1}", "a placeholder was not filled"
