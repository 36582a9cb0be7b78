"""One's own account: password, second factor, and where one is signed in."""

from __future__ import annotations

from cloud.domain.principals import AccountPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.entrypoints.http.people import signed_in
from cloud.ports import Ports
from cloud.usecases.change_password import change_password
from cloud.usecases.end_second_factor import end_second_factor
from cloud.usecases.end_session import end_other_sessions, end_session
from cloud.usecases.forget_password import forget_password
from cloud.usecases.list_sessions import list_sessions
from cloud.usecases.offer_second_factor import offer_second_factor
from cloud.usecases.prove_second_factor import prove_second_factor
from cloud.usecases.reset_password import reset_password
from wire.people import (
    PasswordChange,
    PasswordForgotten,
    PasswordProof,
    PasswordReset,
    SecondFactorEnd,
    SecondFactorProof,
)


def post_forgotten(ports: Ports, request: Request) -> Reply:
    forget_password(ports, request.json(PasswordForgotten).email, request.address)
    return Reply(status=202)


def post_reset(ports: Ports, request: Request) -> Reply:
    given = request.json(PasswordReset)
    reset_password(ports, given.secret, given.new)
    return Reply(status=204)


def put_password(ports: Ports, account: AccountPrincipal, request: Request) -> Reply:
    given = request.json(PasswordChange)
    return signed_in(ports, change_password(ports, account.email, given, request.origin))


def post_second_factor(ports: Ports, account: AccountPrincipal, request: Request) -> Reply:
    given = request.json(PasswordProof)
    return Reply(offer_second_factor(ports, account.email, given.password), 201)


def put_second_factor(ports: Ports, account: AccountPrincipal, request: Request) -> Reply:
    return Reply(prove_second_factor(ports, account.email, request.json(SecondFactorProof).code))


def post_second_factor_end(ports: Ports, account: AccountPrincipal, request: Request) -> Reply:
    end_second_factor(ports, account.email, request.json(SecondFactorEnd))
    return Reply(status=204)


def get_sessions(ports: Ports, account: AccountPrincipal, _: Request) -> Reply:
    return Reply(list_sessions(ports, account))


def delete_sessions(ports: Ports, account: AccountPrincipal, _: Request) -> Reply:
    end_other_sessions(ports, account)
    return Reply(status=204)


def delete_one_session(ports: Ports, account: AccountPrincipal, request: Request) -> Reply:
    end_session(ports, account, request.path["session"])
    return Reply(status=204)
