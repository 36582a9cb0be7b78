"""Which calls to AWS a function can make, read from the program: what its entry reaches, by name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Place = tuple[str, str]
"""A module and the name of something at its top level."""

# The adapter's calls (`cloud.adapters.aws`) by the port's verb.
_OF_STORE = {"get": "dynamodb:GetItem", "get_many": "dynamodb:BatchGetItem", "query": "dynamodb:Query"}
_OF_QUEUE = {"send": "sqs:SendMessage"}
_OF_SOCKETS = {"send": "POST", "close": "DELETE"}
_OF_PORTS = {"store": _OF_STORE, "queue": _OF_QUEUE, "sockets": _OF_SOCKETS}
_OF_WRITES = {"Put": "dynamodb:PutItem", "Delete": "dynamodb:DeleteItem"}


def calls_from(places: Iterable[Place], *, but_not: Iterable[Place] = ()) -> set[str]:
    """Actions, and methods of connections, that may follow from calling any of `places`.

    What is mentioned counts as called, so `but_not` names what is mentioned for another reason.
    """
    reached: set[Place] = set(but_not)
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        if place in reached:
            continue
        reached.add(place)
        waiting.extend(_named(*place))
    return {call for place in reached.difference(but_not) for call in _calls(*place)}


@cache
def _tree(module: str) -> ast.Module:
    path = ROOT / Path(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def _imports(module: str) -> dict[str, Place]:
    """What a module's names mean elsewhere in `cloud`; an imported module has no name within."""
    found: dict[str, Place] = {}
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cloud"):
            for alias in node.names:
                found[alias.asname or alias.name] = _place(str(node.module), alias.name)
    return found


def _place(module: str, name: str) -> Place:
    path = ROOT / Path(*module.split("."), name)
    inner = path.is_dir() or path.with_suffix(".py").is_file()
    return (f"{module}.{name}", "") if inner else (module, name)


@cache
def _definition(module: str, name: str) -> ast.AST | None:
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return node
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if name in {target.id for target in targets if isinstance(target, ast.Name)}:
                return node
    return None


def _named(module: str, name: str) -> Iterator[Place]:
    """Everything that the definition mentions: called now, or given to somebody who calls it."""
    definition = _definition(module, name)
    for node in ast.walk(definition) if definition else ():
        if isinstance(node, ast.Name):
            place = _imports(module).get(node.id, (module, node.id))
            if place[1] and place != (module, name):
                yield place
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            imported = _imports(module).get(node.value.id)
            if imported and not imported[1]:
                yield imported[0], node.attr


def _calls(module: str, name: str) -> Iterator[str]:
    definition = _definition(module, name)
    for node in ast.walk(definition) if definition else ():
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in _OF_WRITES:
            yield _OF_WRITES[node.func.id]
        elif isinstance(node.func, ast.Attribute):
            yield from _port_call(node.func)


def _port_call(function: ast.Attribute) -> Iterator[str]:
    """`ports.store.get(…)`, or `store.query(…)` where the port itself was given."""
    port = function.value
    name = port.attr if isinstance(port, ast.Attribute) else port.id if isinstance(port, ast.Name) else ""
    call = _OF_PORTS.get(name.lstrip("_"), {}).get(function.attr)
    if call:
        yield call
