"""Signing in and out, and the page's ticket for a socket."""

from __future__ import annotations

from cloud.domain.principals import AccountPrincipal, PersonPrincipal
from cloud.entrypoints.http import cookie
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.authorise_person import authorise_account
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.show_session import show_session
from cloud.usecases.sign_in import sign_in
from cloud.usecases.sign_out import sign_out
from wire.people import Credentials, SignInOptions


def post_session(ports: Ports, request: Request) -> Reply:
    given = request.json(Credentials)
    return signed_in(ports, sign_in(ports, given.email, given.password, request.origin, given.code))


def get_sign_in(ports: Ports, _: Request) -> Reply:
    return Reply(SignInOptions(ports.provider_name, ports.mail is not None))


def signed_in(ports: Ports, secret: str) -> Reply:
    """The answer that gives a browser the cookie of its new session."""
    view = show_session(ports, authorise_account(ports, secret).email)
    return Reply(view, headers={"Set-Cookie": cookie.write(secret, ports.policy.session_s)})


def get_session(ports: Ports, account: AccountPrincipal, _: Request) -> Reply:
    return Reply(show_session(ports, account.email))


def delete_session(ports: Ports, account: AccountPrincipal, _: Request) -> Reply:
    sign_out(ports, account.email, account.session)
    return Reply(status=204, headers={"Set-Cookie": cookie.write("", 0)})


def post_socket_ticket(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(issue_ticket(ports, person), 201)
