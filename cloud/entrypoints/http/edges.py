"""ASIC edges as the page handles them: how one is doing, and what is wanted of it."""

from __future__ import annotations

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.give_errand import give_errand
from cloud.usecases.show_edge import show_edge
from cloud.usecases.show_errand import show_errand
from wire.edge_page import ErrandRequest


def get_edge(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(show_edge(ports, person.farm, request.path["agent"]))


def post_errand(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    wanted = request.json(ErrandRequest).errand
    return Reply(give_errand(ports, person.farm, request.path["agent"], wanted), 201)


def get_errand(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    path = request.path
    return Reply(show_errand(ports, person.farm, path["agent"], path["number"]))
