"""Makes the OpenAPI document out of the routes, the messages and the table of operations."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from cloud.domain.permissions import VIEW, Permission
from cloud.entrypoints.http import cookie
from cloud.entrypoints.http.mount import AccountRoute, AgentRoute, AnyoneRoute, FarmRoute, Route
from cloud.entrypoints.http.openapi.examples import EXAMPLES
from cloud.entrypoints.http.openapi.operation import TAGS, Message, OpenApi, Operation, Query
from cloud.entrypoints.http.openapi.operations import OPERATIONS
from cloud.entrypoints.http.openapi.refusals import REFUSALS
from wire.messages import ErrorBody, ErrorReply
from wire.people import FARM_HEADER

Json = dict[str, Any]
VERSION = "1"
_REF, _EXAMPLE = "#/components/schemas/{name}", "#/components/examples/{name}"
_PARTS = re.compile(r"{(\w+)}")
_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
_ABOUT = """\
Times are epoch seconds by UTC, units stand in the names, `null` is not 0. A field that has a default may be
left out. Unknown fields are ignored, and more of them may come in answers, as may codes of refusals. A
refusal has a code for programs, a sentence for people, and the field at fault. Answers over 32 KiB are
gzipped where that is accepted. How to begin: `docs/api.md` of the source code."""
_STATUSES = {
    200: "Done.",
    201: "Made.",
    202: "Begun.",
    204: "Done; there is no more to say.",
    303: "To another page, which says what went wrong if something did.",
}


@cache
def document(routes: Sequence[Route]) -> OpenApi:
    """All of `routes`; raises KeyError for one that the table of operations lacks."""
    paths: dict[str, Json] = defaultdict(dict)
    for route in routes:
        paths[route.path][route.method.lower()] = _described(route, _operation(route))
    return OpenApi(
        openapi="3.1.0",
        info={
            "title": "Rig Commander",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        servers=[{"url": "/"}],
        tags=[{"name": name, "description": about} for name, about in TAGS.items()],
        paths=dict(paths),
        components={
            "schemas": _schemas(routes),
            "securitySchemes": _SECURITY,
            "parameters": _PARAMETERS,
            "examples": {_key(refusal): _example(refusal) for refusal in REFUSALS},
        },
    )


def refusals_of(route: Route) -> list[str]:
    """Each refusal that the route can answer with, as keys of REFUSALS."""
    operation = _operation(route)
    if isinstance(route, AnyoneRoute) and route.refuse is not None:
        return ["413 body_too_large", "500 internal_error"]
    found = {*operation.refusals, *_always(route, operation), *_OF_KIND[type(route)]}
    found |= {query.refused for query in operation.query if query.refused}
    if isinstance(route, FarmRoute) and route.allow != VIEW:
        found.add("403 not_allowed")
    if "{machine}" in route.path:
        found.add("404 machine_unknown")
    return sorted(found)


def _always(route: Route, operation: Operation) -> Iterable[str]:
    yield from ("413 body_too_large", "500 internal_error", "503 store_unavailable")
    if _PARTS.search(route.path):
        yield from ("404 bad_id", "404 not_found")
    if operation.body is not None:
        yield from ("400 bad_json", "415 unsupported_media_type", "422 bad_message")
    if route.method != "GET":
        yield "413 too_much_at_once"
        if not isinstance(route, AgentRoute):
            yield "403 foreign_origin"


_OF_KIND: Mapping[type, tuple[str, ...]] = {
    AnyoneRoute: ("429 too_many_requests",),
    AccountRoute: ("401 not_signed_in", "429 too_many_requests"),
    FarmRoute: (
        "400 farm_missing",
        "401 not_signed_in",
        "401 token_wrong",
        "404 farm_unknown",
        "429 too_many_requests",
    ),
    AgentRoute: ("401 token_missing", "401 token_wrong", "403 agent_deleted", "429 too_many_requests"),
}


def _operation(route: Route) -> Operation:
    return OPERATIONS[f"{route.method} {route.path}"]


def _described(route: Route, operation: Operation) -> Json:
    described: Json = {
        "operationId": route.handler.__name__,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": "\n\n".join(filter(None, (operation.about, _who(route)))),
        "security": _security(route),
        "parameters": _parameters(route, operation),
        "responses": _answers(route, operation),
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(operation.body, operation.types)}
    return described


def _who(route: Route) -> str:
    match route:
        case AnyoneRoute():
            return "For anyone."
        case AccountRoute():
            return "For whoever is signed in; not by an API token."
        case AgentRoute():
            return "For an agent, by its own token."
        case FarmRoute():
            return _permission(route.allow)


def _permission(allow: Permission) -> str:
    """A permission in words."""
    least = {"viewer": "members", "operator": "operators and owners", "owner": "owners"}[allow.role]
    limited = ", if they see the whole farm" if allow.whole_farm and allow.role != "owner" else ""
    how = "signed in, not by an API token" if allow.in_person else "signed in or by an API token"
    return f"For {least} of the farm{limited}; {how}."


def _security(route: Route) -> list[dict[str, list[str]]]:
    match route:
        case AnyoneRoute():
            return []
        case AccountRoute():
            return [{"session": []}]
        case AgentRoute():
            return [{"agentToken": []}]
        case FarmRoute():
            return [{"session": []}] if route.allow.in_person else [{"apiToken": []}, {"session": []}]


_SECURITY = {
    "apiToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token, which stands for its maker in one farm: POST /v1/api-tokens.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": cookie.NAME,
        "description": "The cookie of a signed-in browser: POST /v1/session.",
    },
    "agentToken": {"type": "http", "scheme": "bearer", "description": "An agent's own token."},
}
_PARAMETERS: Json = {
    "farm": {
        "name": FARM_HEADER,
        "in": "header",
        "description": "Which farm is meant. An API token, and who belongs to one farm alone, need not say.",
        "schema": _ID,
    }
}


def _parameters(route: Route, operation: Operation) -> list[Json]:
    parts: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": _ID} for name in _PARTS.findall(route.path)
    ]
    farm = [{"$ref": "#/components/parameters/farm"}] if isinstance(route, FarmRoute) else []
    return [*parts, *map(_query, operation.query), *farm]


def _query(query: Query) -> Json:
    return {
        "name": query.name,
        "in": "query",
        "description": query.meaning,
        "required": query.required,
        "schema": dict(query.schema),
    }


def _answers(route: Route, operation: Operation) -> dict[str, Json]:
    answer: Json = {"description": _STATUSES[operation.status]}
    if operation.answer is not None:
        answer["content"] = _content(operation.answer)
    names = ["Set-Cookie"] if operation.sets_cookie else []
    names += ["Location"] if operation.status == 303 else []
    if names:
        answer["headers"] = {name: {"schema": {"type": "string"}} for name in names}
    by_status: dict[str, list[str]] = defaultdict(list)
    for refusal in refusals_of(route):
        by_status[refusal.partition(" ")[0]].append(refusal)
    return {str(operation.status): answer} | {
        status: _refused(status, refusals) for status, refusals in by_status.items()
    }


def _refused(status: str, refusals: list[str]) -> Json:
    codes = {refusal.partition(" ")[2]: refusal for refusal in refusals}
    examples = {code: {"$ref": _EXAMPLE.format(name=_key(refusal))} for code, refusal in codes.items()}
    answer: Json = {
        "description": "\n".join(f"- `{code}`: {REFUSALS[refusal]}" for code, refusal in codes.items()),
        "content": {"application/json": {"schema": _ref(ErrorReply), "examples": examples}},
    }
    if status in {"429", "503"}:
        answer["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 0}}}
    return answer


def _key(refusal: str) -> str:
    return refusal.replace(" ", "_")


def _example(refusal: str) -> Json:
    body = ErrorBody(refusal.partition(" ")[2], REFUSALS[refusal])
    return {"value": msgspec.to_builtins(ErrorReply(body))}


def _content(message: Message, types: Sequence[str] = ("application/json",)) -> Json:
    example = msgspec.to_builtins(EXAMPLES[message])
    return {each: {"schema": _ref(message), "example": example} for each in types}


def _ref(message: Message) -> dict[str, str]:
    return {"$ref": _REF.format(name=message.__name__)}


def _schemas(routes: Sequence[Route]) -> Json:
    operations = [_operation(route) for route in routes]
    used: set[Message | None] = {ErrorReply}
    used |= {message for each in operations for message in (each.body, each.answer)}
    _, schemas = msgspec.json.schema_components(used - {None}, ref_template=_REF)
    return {name: _for_readers(schemas[name]) for name in sorted(schemas)}


def _for_readers(schema: Any) -> Any:
    """As readers of JSON know it: `null` for None, patterns of ECMAScript."""
    if isinstance(schema, list):
        return [_for_readers(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    read = {name: _for_readers(value) for name, value in schema.items()}
    if isinstance(read.get("description"), str):
        read["description"] = re.sub(r"\bNone\b", "null", inspect.cleandoc(read["description"]))
    if isinstance(read.get("pattern"), str):
        read["pattern"] = read["pattern"].replace(r"\A", "^").replace(r"\Z", "$")
    return read
