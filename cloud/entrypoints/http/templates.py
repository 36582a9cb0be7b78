"""The address book and the software list."""

from __future__ import annotations

import re

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.delete_software import delete_software
from cloud.usecases.delete_template import delete_pool, delete_wallet
from cloud.usecases.list_software import list_software
from cloud.usecases.list_templates import list_templates
from cloud.usecases.preview_template import preview_pool, preview_wallet
from cloud.usecases.save_pool import add_pool, change_pool
from cloud.usecases.save_software import add_software
from cloud.usecases.save_wallet import add_wallet, change_wallet
from wire.faults import Fault
from wire.templates import PoolRequest, SoftwareRequest, Speed, WalletRequest

_NAME = re.compile(r"[A-Za-z0-9._+-]{1,64}\Z")


def get_templates(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_templates(ports, person.farm))


def post_pool(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(add_pool(ports, person.farm, request.json(PoolRequest)), 201)


def put_pool(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    entry, pace = request.json(PoolRequest), pace_of(request)
    return Reply(change_pool(ports, person.farm, request.path["pool"], entry, pace))


def delete_one_pool(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    delete_pool(ports, person.farm, request.path["pool"])
    return Reply(status=204)


def post_pool_preview(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(preview_pool(ports, person.farm, request.path["pool"], request.json(PoolRequest)))


def post_wallet(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(add_wallet(ports, person.farm, request.json(WalletRequest)), 201)


def put_wallet(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    entry, pace = request.json(WalletRequest), pace_of(request)
    return Reply(change_wallet(ports, person.farm, request.path["wallet"], entry, pace))


def delete_one_wallet(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    delete_wallet(ports, person.farm, request.path["wallet"])
    return Reply(status=204)


def post_wallet_preview(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(preview_wallet(ports, person.farm, request.path["wallet"], request.json(WalletRequest)))


def get_software(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_software(ports, person.farm))


def post_software(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(add_software(ports, person.farm, request.json(SoftwareRequest)), 201)


def delete_one_software(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    names = [request.query.get(part, "") for part in ("program", "version")]
    for part, name in zip(("program", "version"), names, strict=True):
        if _NAME.match(name) is None:
            raise Fault("bad_query", f"{part} must name a program of the farm's own.", part)
    delete_software(ports, person.farm, *names)
    return Reply(status=204)


def pace_of(request: Request) -> Speed:
    """How a change goes to rigs; raises Fault `bad_query` (422)."""
    try:
        return Speed(request.query.get("pace", Speed.CAREFUL))
    except ValueError:
        message = f"pace must be one of {', '.join(Speed)}."
        raise Fault("bad_query", message, "pace") from None
