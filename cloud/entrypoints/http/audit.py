"""The farm's audit log."""

from __future__ import annotations

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.list_audit import PAGE_MAX, list_audit


def get_audit(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    limit = request.whole_number("limit", 50, PAGE_MAX)
    return Reply(list_audit(ports, person.farm, request.query.get("after"), limit))
