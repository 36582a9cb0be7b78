"""Every refusal in the source stands in the table, and every one in the table can happen."""

from __future__ import annotations

import ast

from cloud.app import ROUTES
from cloud.entrypoints.http.openapi.document import refusals_of
from cloud.entrypoints.http.openapi.refusals import REFUSALS
from tests.architecture.sources import files, tree

_OTHERWISE = {
    "404 account_unknown": "of `commander new-password`",
    "401 ticket_refused": "of the socket",
    "404 no_provider": "part of a redirect",
    "400 sign_in_expired": "part of a redirect",
    "403 no_account": "part of a redirect",
    "403 account_unverified": "part of a redirect",
    "409 other_identity": "part of a redirect",
    "409 cannot_be_filled": "told with the rollout",
    "409 document_too_large": "told with the rollout",
    "409 too_many_playbooks": "told with the rollout",
}
"""Refusals that are never the answer of a route."""


def _raised() -> set[str]:
    """Status and code of each Fault that the source makes with both in so many words."""
    calls = (node for path in files(".py", within=("cloud", "wire")) for node in ast.walk(tree(path)))
    faults = [node for node in calls if isinstance(node, ast.Call) and _is_named(node.func, "Fault")]
    return {told for fault in faults if (told := _told(fault))}


def _is_named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _told(fault: ast.Call) -> str | None:
    statuses = [each.value for each in fault.keywords if each.arg == "status"]
    code, status = fault.args[0], statuses[0] if statuses else ast.Constant(422)
    if isinstance(code, ast.Constant) and isinstance(status, ast.Constant):
        return f"{status.value!r} {code.value!r}".replace("'", "")
    return None


def test_every_refusal_of_the_source_is_in_the_table() -> None:
    assert len(_raised()) > 50
    assert _raised() - set(_OTHERWISE) - set(REFUSALS) == set()


def test_every_refusal_of_the_table_is_some_routes() -> None:
    used = {refusal for route in ROUTES for refusal in refusals_of(route)}
    assert used == set(REFUSALS)


def test_the_table_is_sorted() -> None:
    assert list(REFUSALS) == sorted(REFUSALS)
