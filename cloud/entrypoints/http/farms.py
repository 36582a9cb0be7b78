"""The farm as a whole: its settings, its events, its bin."""

from __future__ import annotations

from cloud.domain.principals import AccountPrincipal, PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.change_farm import change_farm_settings, show_farm
from cloud.usecases.create_agent import check_room
from cloud.usecases.create_farm import create_farm
from cloud.usecases.list_bin import list_bin
from cloud.usecases.list_events import PAGE_MAX, list_events
from cloud.usecases.rename_farm import rename_farm
from cloud.usecases.restore_agent import restore_agent
from wire.live import FarmSettings
from wire.people import FarmRequest


def get_farm(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(show_farm(ports, person.farm))


def post_farm(ports: Ports, account: AccountPrincipal, request: Request) -> Reply:
    return Reply(create_farm(ports, account.email, request.json(FarmRequest).name), 201)


def patch_farm(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    rename_farm(ports, person.farm, request.json(FarmRequest).name)
    return Reply(show_farm(ports, person.farm))


def put_farm_settings(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(change_farm_settings(ports, person.farm, request.json(FarmSettings)))


def get_events(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    limit = request.whole_number("limit", 50, PAGE_MAX)
    after = request.query.get("after")
    return Reply(list_events(ports, person.farm, None, after, limit, person.seat))


def get_bin(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_bin(ports, person.farm))


def post_restore(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    check_room(ports, person.farm)
    restore_agent(ports, person.farm, request.path["agent"])
    return Reply(status=204)
