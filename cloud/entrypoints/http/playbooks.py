"""Playbooks and their versions."""

from __future__ import annotations

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.entrypoints.http.templates import pace_of
from cloud.ports import Ports
from cloud.usecases.delete_playbook import delete_playbook
from cloud.usecases.list_playbooks import list_playbooks, show_playbook
from cloud.usecases.preview_playbook import preview_playbook
from cloud.usecases.restore_version import restore_version
from cloud.usecases.save_playbook import add_playbook, change_playbook
from wire.templates import PlaybookDraft, VersionRequest


def get_playbooks(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_playbooks(ports, person.farm))


def get_playbook(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(show_playbook(ports, person.farm, request.path["playbook"]))


def post_playbook(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(add_playbook(ports, person.farm, request.json(PlaybookDraft)), 201)


def put_playbook(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    draft, pace = request.json(PlaybookDraft), pace_of(request)
    return Reply(change_playbook(ports, person.farm, request.path["playbook"], draft, pace))


def delete_one_playbook(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    delete_playbook(ports, person.farm, request.path["playbook"])
    return Reply(status=204)


def post_preview(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(preview_playbook(ports, person.farm, request.json(PlaybookDraft)))


def post_version(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    wish = request.json(VersionRequest)
    return Reply(restore_version(ports, person.farm, request.path["playbook"], wish), 201)
