"""Machines and their figures, for the page."""

from __future__ import annotations

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.change_machine import change_machine
from cloud.usecases.list_events import PAGE_MAX as EVENTS_MAX
from cloud.usecases.list_events import list_events
from cloud.usecases.list_machines import PAGE_MAX, list_machines
from cloud.usecases.show_history import SPANS, show_history
from cloud.usecases.show_machine import show_machine
from wire.faults import Fault
from wire.live import MachineChange, MetricsTable
from wire.metrics import METRICS


def get_metrics(_ports: Ports, _person: PersonPrincipal, _: Request) -> Reply:
    return Reply(MetricsTable(METRICS))


def get_machines(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    limit = request.whole_number("limit", PAGE_MAX, PAGE_MAX)
    return Reply(list_machines(ports, person.farm, request.query.get("after"), limit, person.seat))


def get_machine(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(show_machine(ports, person.farm, request.path["machine"], person.seat))


def patch_machine(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    machine = request.path["machine"]
    change_machine(ports, person.farm, machine, request.json(MachineChange), person.seat)
    return Reply(show_machine(ports, person.farm, machine, person.seat))


def get_machine_events(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    limit = request.whole_number("limit", 50, EVENTS_MAX)
    after = request.query.get("after")
    return Reply(list_events(ports, person.farm, request.path["machine"], after, limit, person.seat))


def get_history(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    span = SPANS.get(request.query.get("span", "1h"))
    if span is None:
        raise Fault("bad_query", f"span must be one of {', '.join(SPANS)}.", "span")
    to_at = request.whole_number("to", 0, 99_999_999_999) if "to" in request.query else None
    return Reply(show_history(ports, person.farm, request.path["machine"], span, to_at))
