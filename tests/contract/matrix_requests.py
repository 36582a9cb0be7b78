"""For each route of the matrix a request that is in order, so that only who asks decides on the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec
import pyotp

from cloud.usecases.offer_second_factor import offer_second_factor
from cloud.usecases.prove_second_factor import prove_second_factor
from cloud.usecases.reset_password import new_reset
from tests.contract.matrix_cells import ROUTE_CELLS, YES
from tests.contract.matrix_site import HOST, PROGRAM, Actor, Site
from tests.fakes.reports import NOW
from tests.fakes.templates import draft, software
from tests.fakes.world import PASSWORD

ANOTHER_PASSWORD = "another-long-enough-word"
NEWCOMER = "newcomer@west.example"

Make = Callable[[Site, Actor], object]
"""Makes a body, and whatever it takes: as the same person did a moment before."""


class Request(NamedTuple):
    """A request as it is sent."""

    method: str
    path: str
    body: object


def request(site: Site, actor: str, row: str, ids: dict[str, str] | None = None) -> Request:
    """The actor's request in order; `ids` take the place of those in its path."""
    method, path = row.split()
    who, given = site.actors[actor], ids or {}
    parts = {part: given.get(part) or _id(site, who, row, part) for part in parts_of(row)}
    make = _BODIES.get(row)
    return Request(method, path.format(**parts), make(site, who) if make else None)


def queries_of(row: str) -> list[str]:
    """What is asked for besides the path, each in a request of its own."""
    return _QUERIES.get(row, [""])


def parts_of(row: str) -> list[str]:
    """The names of the ids in a path."""
    return re.findall(r"{(\w+)}", row)


def _id(site: Site, actor: Actor, row: str, part: str) -> str:
    if part == "session":
        return site.new_session(actor.email)
    if part == "token" and ROUTE_CELLS[row][actor.name] == YES:
        return site.new_token(actor)
    return "1" if part == "number" else str(getattr(site.own, _named(row, part)))


def _named(row: str, part: str) -> str:
    """The field of the site's own ids."""
    if row == RESTORE:
        return "binned"
    if part == "agent" and row in _OF_EDGES:
        return "edge"
    return f"unused_{part}" if row.startswith("DELETE") and part in ("pool", "wallet") else part


def _proof(site: Site, actor: Actor) -> dict[str, str]:
    """A code of the secret that was offered."""
    offer = offer_second_factor(site.ports, actor.email, PASSWORD)
    return {"code": pyotp.TOTP(offer.secret).at(int(NOW))}


def _end(site: Site, actor: Actor) -> dict[str, str]:
    """The second factor is on, and this is what turns it off."""
    codes = prove_second_factor(site.ports, actor.email, _proof(site, actor)["code"]).codes
    return {"password": PASSWORD, "code": codes[0]}


def _welcome(site: Site, _: Actor) -> dict[str, str]:
    return {"secret": site.welcome}


def _enrolment(_: Site, __: Actor) -> object:
    return {"kind": "cpu_gpu", "agent_version": "2", "hostname": "rig", "sent_at": NOW}


def _report(site: Site, _: Actor) -> object:
    block = {"at": [NOW], "series": [{"metric": "cpu_load_pct", "values": [1.0]}]}
    machines = [{"machine": site.own.machine, "open": block}]
    return {"epoch": 1, "sequence": 2, "sent_at": NOW, "interval_s": 60, "machines": machines}


def _draft(site: Site, _: Actor) -> object:
    return msgspec.to_builtins(draft(site.own.pool, site.own.wallet, "new playbook"))


def _assignment(site: Site, _: Actor) -> object:
    return {"playbooks": [site.own.playbook], "machines": [site.own.machine]}


def _always(body: object) -> Make:
    return lambda _, __: body


_POOL = {"name": "new pool", "address": "new.pool.example:3333"}
_WALLET = {"name": "new wallet", "coin": "OTHER", "address": "an-account"}
RESTORE = "POST /v1/bin/{agent}/restore"
_OF_EDGES = (
    "GET /v1/agents/{agent}",
    "POST /v1/agents/{agent}/errands",
    "GET /v1/agents/{agent}/errands/{number}",
)
_BODIES: dict[str, Make] = {
    "POST /v1/session": _always({"email": HOST, "password": PASSWORD}),
    "POST /v1/passwords/forgotten": _always({"email": HOST}),
    "POST /v1/passwords/reset": lambda site, actor: {
        "secret": new_reset(site.ports, actor.email),
        "new": ANOTHER_PASSWORD,
    },
    "POST /v1/invitations/look": _welcome,
    "POST /v1/invitations/join": lambda site, actor: {
        **_welcome(site, actor),
        "email": NEWCOMER,
        "password": ANOTHER_PASSWORD,
    },
    "PUT /v1/account/password": _always({"old": PASSWORD, "new": ANOTHER_PASSWORD}),
    "POST /v1/account/second-factor": _always({"password": PASSWORD}),
    "PUT /v1/account/second-factor": _proof,
    "POST /v1/account/second-factor/end": _end,
    "POST /v1/invitations/accept": _welcome,
    "POST /v1/farms": _always({"name": "East"}),
    "PATCH /v1/machines/{machine}": _always({"name": "barn 7", "client": "Ann"}),
    "POST /v1/machines/{machine}/orders": _always({"action": "start", "program": PROGRAM}),
    "PUT /v1/machines/{machine}/watched": _always({"watched": []}),
    "POST /v1/agents/{agent}/errands": _always({"errand": {"type": "search", "ranges": ["10.0.0.0/24"]}}),
    "POST /v1/agents": _always({"name": "barn 8", "kind": "cpu_gpu"}),
    "PUT /v1/farm/settings": _always({"report_interval_s": 120}),
    "PATCH /v1/farm": _always({"name": "Far North"}),
    "PATCH /v1/members/{member}": _always({"role": "operator"}),
    "POST /v1/invitations": _always({"role": "viewer", "email": NEWCOMER}),
    **dict.fromkeys(
        ("POST /v1/pools", "PUT /v1/pools/{pool}", "POST /v1/pools/{pool}/preview"), _always(_POOL)
    ),
    **dict.fromkeys(
        ("POST /v1/wallets", "PUT /v1/wallets/{wallet}", "POST /v1/wallets/{wallet}/preview"),
        _always(_WALLET),
    ),
    "POST /v1/software": _always(msgspec.to_builtins(software("newminer"))),
    "POST /v1/playbooks": _draft,
    "POST /v1/playbook-previews": _draft,
    "PUT /v1/playbooks/{playbook}": _draft,
    "POST /v1/playbooks/{playbook}/versions": _always({"version": 1}),
    "POST /v1/assignments": _assignment,
    "POST /v1/api-tokens": _always({"name": "script", "role": "viewer", "days": 30}),
    "POST /v1/enrolment": _enrolment,
    "POST /v1/reports": _report,
    "POST /v1/roster": _always({"epoch": 1, "batches": [{"batch": 0, "entries": []}]}),
}
_QUERIES = {
    "DELETE /v1/software": ["program=ownminer&version=1"],
    "GET /v1/machines/{machine}/log": [f"program={PROGRAM}"],
    "GET /v1/machines/{machine}/history": ["span=1h", "span=24h"],
    "GET /v1/machines/{machine}/events": ["", "limit=1"],
    "GET /v1/machines": ["", "limit=1", "limit=1&after=machine%23machine_zann0001"],
    "GET /v1/events": ["", "limit=1"],
    "GET /v1/audit": ["", "limit=1"],
}
