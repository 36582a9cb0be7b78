"""Gives a member a key for programs, once."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.audit import Act
from cloud.domain.labels import checked_name
from cloud.domain.members import checked_clients
from cloud.domain.people import ApiToken
from cloud.domain.permissions import at_least
from cloud.domain.policy import DAY_S
from cloud.domain.principals import PersonPrincipal
from cloud.ports import Absent, Item, Ports, Put
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.list_api_tokens import api_token_view, find_api_tokens
from wire.faults import Fault
from wire.people import ApiTokenRequest, NewApiToken


def create_api_token(ports: Ports, person: PersonPrincipal, wanted: ApiTokenRequest) -> NewApiToken:
    """At most as strong as the person; who sees some clients alone may leave them out, and gets those.

    Raises Fault `bad_name`, `owner_sees_all`, `bad_clients` or `bad_label` (422), `not_allowed` (403), or
    `too_many_api_tokens` (409).
    """
    _check_room(ports, person)
    name, now, clients = checked_name(wanted.name), ports.clock(), _clients(person, wanted)
    if not at_least(person.seat.role, wanted.role):
        message = f"A token can do no more than you, whose role here is {person.seat.role}."
        raise Fault("not_allowed", message, "role", status=403)
    secret = tokens.Token(person.farm, ports.randomness.new_id("apitoken"), ports.randomness.new_secret())
    digest, expires_at = tokens.sha256(secret.secret), now + wanted.days * DAY_S
    token = ApiToken(secret.agent, name, person.email, digest, wanted.role, clients, now, expires_at)
    _store(ports, person.farm, token)
    return NewApiToken(api_token_view(token), str(secret))


def _clients(person: PersonPrincipal, wanted: ApiTokenRequest) -> tuple[str, ...] | None:
    clients, own = checked_clients(wanted.role, wanted.clients), person.seat.clients
    if own is None:
        return clients
    if clients is None:
        return tuple(sorted(own))
    if not own.issuperset(clients):
        message = "A token sees no more than you: name only clients whose machines you see."
        raise Fault("not_allowed", message, "clients", status=403)
    return clients


def _check_room(ports: Ports, person: PersonPrincipal) -> None:
    """One's own first, so that nobody takes up the room of the others."""
    held, policy = find_api_tokens(ports, person.farm), ports.policy
    if sum(token.email == person.email for token in held) >= (most := policy.api_tokens_per_member_max):
        raise _too_many(f"You have {most} API tokens in this farm, as many as a member may have")
    if len(held) >= (most := policy.api_tokens_per_farm_max):
        raise _too_many(f"This farm has {most} API tokens, as many as it may have")


def _too_many(what: str) -> Fault:
    return Fault("too_many_api_tokens", f"{what}: revoke one first.", status=409)


def _store(ports: Ports, farm: str, token: ApiToken) -> None:
    key = keys.api_token(farm, token.token)
    told = {"name": token.name, "role": token.role, "clients": token.clients, "expires_at": token.expires_at}
    act = Act("create_api_token", f"api_token {token.token}", after=told)
    item = Item.of(key, token, expires_at=token.expires_at)
    if not commit_audited(ports, farm, act, [Put(item, Absent())]):
        raise Fault("try_again", "The new token's id was taken; please try again.", status=409)
