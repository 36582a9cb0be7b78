"""What an owner wants of a rig's programs, and what they wrote."""

from __future__ import annotations

import re

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.give_order import give_order
from cloud.usecases.show_log import show_log
from cloud.usecases.show_machine import show_machine
from cloud.usecases.take_back_order import take_back_order
from cloud.usecases.watch_programs import watch_programs
from wire.faults import Fault
from wire.live import OrderRequest, WatchRequest

_PROGRAM = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


def post_order(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    wish = request.json(OrderRequest)
    return Reply(give_order(ports, person.farm, request.path["machine"], wish), 201)


def delete_order(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    take_back_order(ports, person.farm, request.path["machine"], request.path["number"])
    return Reply(status=204)


def put_watched(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    machine = request.path["machine"]
    watch_programs(ports, person.farm, machine, request.json(WatchRequest).watched)
    return Reply(show_machine(ports, person.farm, machine, person.seat))


def get_log(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    program = request.query.get("program", "")
    if _PROGRAM.match(program) is None:
        raise Fault("bad_query", "program must be the id of a program.", "program")
    return Reply(show_log(ports, person.farm, request.path["machine"], program))
