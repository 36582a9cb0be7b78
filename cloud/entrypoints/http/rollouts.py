"""What rigs are to run, and changes of it on their way."""

from __future__ import annotations

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.list_astray_rigs import list_astray_rigs
from cloud.usecases.list_rollouts import list_rollouts
from cloud.usecases.show_rig_work import show_rig_work
from cloud.usecases.stop_rollout import continue_rollout, stop_rollout
from cloud.usecases.take_back_rollout import take_back_rollout
from wire.templates import AssignRequest


def post_assignment(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(assign_playbooks(ports, person.farm, request.json(AssignRequest)), 201)


def get_rollouts(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_rollouts(ports, person.farm))


def post_rollout_stop(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(stop_rollout(ports, person.farm, request.path["rollout"]))


def post_rollout_continue(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(continue_rollout(ports, person.farm, request.path["rollout"]))


def post_rollout_back(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(take_back_rollout(ports, person.farm, request.path["rollout"]), 201)


def get_rig_work(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(show_rig_work(ports, person.farm, request.path["machine"]))


def get_astray(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_astray_rigs(ports, person.farm))
