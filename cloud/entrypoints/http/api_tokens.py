"""Keys for programs, which members make for themselves."""

from __future__ import annotations

from cloud.domain.principals import PersonPrincipal
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.create_api_token import create_api_token
from cloud.usecases.list_api_tokens import list_api_tokens
from cloud.usecases.revoke_api_token import revoke_api_token
from wire.people import ApiTokenRequest


def get_api_tokens(ports: Ports, person: PersonPrincipal, _: Request) -> Reply:
    return Reply(list_api_tokens(ports, person))


def post_api_token(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    return Reply(create_api_token(ports, person, request.json(ApiTokenRequest)), 201)


def delete_api_token(ports: Ports, person: PersonPrincipal, request: Request) -> Reply:
    revoke_api_token(ports, person, request.path["token"])
    return Reply(status=204)
