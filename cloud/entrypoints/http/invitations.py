"""Invitations: what owners make of them, and whoever holds a link."""

from __future__ import annotations

from dataclasses import replace

from cloud.domain.principals import AccountPrincipal, PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.entrypoints.http.people import signed_in
from cloud.ports import Ports
from cloud.usecases.accept_invitation import accept_invitation
from cloud.usecases.invite_person import invite_person
from cloud.usecases.join_by_invitation import join_by_invitation
from cloud.usecases.look_at_invitation import look_at_invitation
from cloud.usecases.show_session import show_session
from cloud.usecases.withdraw_invitation import withdraw_invitation
from wire.people import InvitationRequest, InvitationSecret, Joining


def post_invitation(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    wanted = request.json(InvitationRequest)
    return Reply(invite_person(ports, person.farm, person.email, wanted), 201)


def delete_invitation(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    withdraw_invitation(ports, person.farm, request.path["invitation"])
    return Reply(status=204)


def post_look(ports: Ports, request: Request) -> Reply:
    return Reply(look_at_invitation(ports, request.json(InvitationSecret).secret))


def post_join(ports: Ports, request: Request) -> Reply:
    secret = join_by_invitation(ports, request.json(Joining), request.origin)
    return replace(signed_in(ports, secret), status=201)


def post_accept(ports: Ports, account: AccountPrincipal, request: Request) -> Reply:
    accept_invitation(ports, account.email, request.json(InvitationSecret).secret)
    return Reply(show_session(ports, account.email))
