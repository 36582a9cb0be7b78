"""Agents as the page handles them, and what agents themselves send."""

from __future__ import annotations

from cloud.domain.labels import visible
from cloud.domain.principals import AgentPrincipal, PersonPrincipal
from cloud.entrypoints.http.exchange import JSON, Reply, Request, require_type
from cloud.ports import Ports
from cloud.usecases.accept_report import accept_report
from cloud.usecases.create_agent import check_room, create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.enrol_agent import enrol_agent
from cloud.usecases.list_agents import list_agents
from cloud.usecases.register_roster import register_roster
from cloud.usecases.renew_token import renew_token
from wire.codec import decode_report
from wire.edge import RosterTelling
from wire.live import AgentRequest
from wire.messages import REPORT_CONTENT_TYPE, Enrolment


def get_agents(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_agents(ports, person.farm))


def post_agent(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    wanted = request.json(AgentRequest)
    check_room(ports, person.farm)
    return Reply(create_agent(ports, person.farm, wanted.name, wanted.kind), 201)


def delete_one_agent(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    delete_agent(ports, person.farm, request.path["agent"])
    return Reply(status=204)


def post_token(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(renew_token(ports, person.farm, request.path["agent"]), 201)


def post_enrolment(ports: Ports, agent: AgentPrincipal, request: Request) -> Reply:
    return Reply(enrol_agent(ports, agent, visible(request.json(Enrolment))))


def post_report(ports: Ports, agent: AgentPrincipal, request: Request) -> Reply:
    sent_as = require_type(request, REPORT_CONTENT_TYPE, JSON)
    report = decode_report(request.body, gzipped=sent_as == REPORT_CONTENT_TYPE)
    return Reply(accept_report(ports, agent, visible(report)))


def post_roster(ports: Ports, agent: AgentPrincipal, request: Request) -> Reply:
    return Reply(register_roster(ports, agent, visible(request.json(RosterTelling))))
