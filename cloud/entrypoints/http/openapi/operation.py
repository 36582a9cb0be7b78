"""What is said of one route beyond what the route declares itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from cloud.entrypoints.http.exchange import JSON

Message = type[msgspec.Struct]
SIGNING_IN, ACCOUNT, PEOPLE, FARM = "Signing in", "Account", "People", "Farm"
MACHINES, AGENTS, FOR_AGENTS, ITSELF = "Machines", "Agents", "For agents", "This description"
PLAYBOOKS = "Playbooks"
TAGS: Mapping[str, str] = {
    MACHINES: "Machines, their figures, events and orders.",
    PLAYBOOKS: "What rigs run: pools, wallets, programs, and playbooks made of them.",
    FARM: "The farm as a whole.",
    PEOPLE: "Who belongs to a farm, invitations, API tokens, and who did what.",
    AGENTS: "The programs on rigs and for ASICs, as their owner sees them.",
    SIGNING_IN: "For browsers: sessions, forgotten passwords, invitations, OpenID Connect.",
    ACCOUNT: "One's own account, by a session alone.",
    FOR_AGENTS: "What agents send.",
    ITSELF: "What you are reading.",
}


class OpenApi(msgspec.Struct, frozen=True):
    """An OpenAPI 3.1 document."""

    openapi: str
    info: dict[str, Any]
    servers: list[dict[str, str]]
    tags: list[dict[str, str]]
    paths: dict[str, Any]
    components: dict[str, Any]


class Query(NamedTuple):
    """A parameter behind the `?`; `schema` is JSON Schema, `refused` the answer to anything else."""

    name: str
    schema: Mapping[str, Any]
    meaning: str
    refused: str | None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A route in words and types.

    `answer` None: nothing but the status. `refusals` are keys of REFUSALS, without those that follow from
    the kind of route, its body and its parameters. `about` is added to the summary.
    """

    tag: str
    summary: str
    about: str = ""
    status: int = 200
    answer: Message | None = None
    body: Message | None = None
    types: tuple[str, ...] = (JSON,)
    """As which the body may be sent."""
    query: tuple[Query, ...] = ()
    refusals: tuple[str, ...] = ()
    sets_cookie: bool = False


def limit(default: int, most: int) -> Query:
    """How many entries a page has."""
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Query("limit", schema, "Entries of a page, at most.", "422 bad_query")


AFTER = Query(
    "after",
    {"type": "string", "pattern": "^[A-Za-z0-9_#-]{1,220}$"},
    "The `next` of the page before; left out for the first page.",
    "422 bad_after",
)
