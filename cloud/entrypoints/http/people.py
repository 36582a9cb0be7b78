"""Signing in and out, and the page's ticket for a socket."""

from __future__ import annotations

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http import cookie
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.authorise_person import authorise_person
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.show_session import show_session
from cloud.usecases.sign_in import sign_in
from cloud.usecases.sign_out import sign_out
from wire.live import Credentials


def post_session(ports: Ports, request: Request) -> Reply:
    credentials = request.json(Credentials)
    secret = sign_in(ports, credentials.email, credentials.password, request.address)
    view = show_session(ports, authorise_person(ports, secret))
    headers = {"Set-Cookie": cookie.write(secret, ports.policy.session_s)}
    return Reply(view, headers=headers)


def get_session(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(show_session(ports, person))


def delete_session(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    sign_out(ports, person)
    return Reply(status=204, headers={"Set-Cookie": cookie.write("", 0)})


def post_socket_ticket(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(issue_ticket(ports, person), 201)
