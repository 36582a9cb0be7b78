"""The fake commander's address book, software and playbooks: the real use cases on a store in memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http import exchange, playbooks, templates
from cloud.ports import Ports
from cloud.usecases.list_software import list_software
from cloud.usecases.save_playbook import add_playbook, change_playbook
from cloud.usecases.save_pool import add_pool, change_pool
from cloud.usecases.save_software import add_software
from cloud.usecases.save_wallet import add_wallet
from tests.fakes.signing import FakeDocuments, FakeSigner
from tests.fakes.templates import draft, pool, software, wallet
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import wanted_on
from tests.web.fake_answers import answer, refuse
from wire.faults import Fault
from wire.templates import Speed

HOSTILE = "<img src=x onerror=alert(1)>"
BTC = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
RIGS = 14
Handler = Callable[[Ports, PersonPrincipal, exchange.Request], exchange.Reply]


class Kept(NamedTuple):
    """What all farms of the fake share."""

    world: World
    farm: Farm


@cache
def kept() -> Kept:
    """Made when it is first asked for."""
    world = World()
    world.clock.now = time.time() - 90_000
    farm = world.farm()
    world.sign_with(FakeSigner(), FakeDocuments(world.clock))
    _fill(world, farm)
    world.clock.now = time.time()
    return Kept(world, farm)


def _fill(world: World, farm: Farm) -> None:
    ports = world.ports
    europe = add_pool(ports, farm.farm, pool("Europe", "eu.pool.example:3333")).pool
    spare = add_pool(ports, farm.farm, pool("Spare", "us.pool.example:4444", tls=True)).pool
    add_pool(ports, farm.farm, pool(HOSTILE, "old.pool.example:1"))
    anns = add_wallet(ports, farm.farm, wallet("Account of Ann", "ann.account")).wallet
    add_wallet(ports, farm.farm, wallet("Savings", BTC, "BTC"))
    add_software(ports, farm.farm, software())
    script = list_software(ports, farm.farm).scripts["xmrig"]["linux-x64"]
    made = add_playbook(ports, farm.farm, draft(europe, anns, "Monero on processors", script)).playbook
    add_playbook(ports, farm.farm, draft(spare, anns, "Second hall"))
    for number in range(RIGS):
        wanted_on(world, world.sentry(farm, f"rig-{number + 1}"), {made: 1})
    world.clock.advance(50_000)
    change_pool(ports, farm.farm, europe, pool("Europe", "eu.pool.example:5555"), Speed.CAREFUL)
    world.clock.advance(20_000)
    change = draft(europe, anns, "Monero on processors", script.replace("rx/0", "rx/wow"))
    change_playbook(ports, farm.farm, made, change, Speed.CAREFUL)


async def _answered(handler: Handler, request: Request) -> Response:
    world, farm = kept()
    world.clock.now = time.time()
    headers = {name.lower(): value for name, value in request.headers.items()}
    query, body = dict(request.query_params), await request.body()
    asked = exchange.Request(request.method, headers, request.path_params, query, body)
    try:
        reply = handler(world.ports, world.person(farm), asked)
    except Fault as fault:
        return refuse(fault.status, fault.code, fault.message, fault.field)
    return Response(status_code=204) if reply.status == 204 else answer(reply.body, reply.status)


def _route(path: str, method: str, handler: Handler) -> Route:
    return Route(path, partial(_answered, handler), methods=[method])


ROUTES = [
    _route("/v1/templates", "GET", templates.get_templates),
    _route("/v1/pools", "POST", templates.post_pool),
    _route("/v1/pools/{pool}", "PUT", templates.put_pool),
    _route("/v1/pools/{pool}", "DELETE", templates.delete_one_pool),
    _route("/v1/pools/{pool}/preview", "POST", templates.post_pool_preview),
    _route("/v1/wallets", "POST", templates.post_wallet),
    _route("/v1/wallets/{wallet}", "PUT", templates.put_wallet),
    _route("/v1/wallets/{wallet}", "DELETE", templates.delete_one_wallet),
    _route("/v1/wallets/{wallet}/preview", "POST", templates.post_wallet_preview),
    _route("/v1/software", "GET", templates.get_software),
    _route("/v1/software", "POST", templates.post_software),
    _route("/v1/software", "DELETE", templates.delete_one_software),
    _route("/v1/playbooks", "GET", playbooks.get_playbooks),
    _route("/v1/playbooks", "POST", playbooks.post_playbook),
    _route("/v1/playbook-previews", "POST", playbooks.post_preview),
    _route("/v1/playbooks/{playbook}", "GET", playbooks.get_playbook),
    _route("/v1/playbooks/{playbook}", "PUT", playbooks.put_playbook),
    _route("/v1/playbooks/{playbook}", "DELETE", playbooks.delete_one_playbook),
    _route("/v1/playbooks/{playbook}/versions", "POST", playbooks.post_version),
]
