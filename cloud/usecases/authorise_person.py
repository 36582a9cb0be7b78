"""The one place that decides what people may do: in their own account, and in a farm."""

from __future__ import annotations

from typing import NamedTuple

from cloud.domain import keys, tokens
from cloud.domain.people import ApiToken, Membership, Person
from cloud.domain.permissions import Permission, Seat, at_least, weaker
from cloud.domain.principals import AccountPrincipal, PersonPrincipal
from cloud.domain.records import Machine
from cloud.domain.session_cookie import person_of
from cloud.ports import Ports
from cloud.usecases.find_session import find_person
from wire.faults import Fault


class Proof(NamedTuple):
    """What a request shows: the session's cookie or an `Authorization` header, and the farm it names."""

    cookie: str | None = None
    authorization: str | None = None
    farm: str | None = None


def authorise_account(ports: Ports, cookie: str | None) -> AccountPrincipal:
    """The person signed in with `cookie`; raises Fault `not_signed_in` (401)."""
    person, session = _signed_in(ports, cookie)
    return AccountPrincipal(person.email, session)


def authorise_person(
    ports: Ports, proof: Proof, permission: Permission, machine: str | None = None
) -> PersonPrincipal:
    """Who asks, in which farm, once they may do what needs `permission`, to `machine` if one is meant.

    Raises Fault `not_signed_in` or `token_wrong` (401), `farm_missing` (400), `farm_unknown` (404),
    `not_allowed` (403), and for a machine of another client `machine_unknown` (404).
    """
    token = tokens.bearer(proof.authorization)
    found = _by_session(ports, proof) if token is None else _by_token(ports, proof.farm, token)
    _check(found, permission)
    if machine is not None and found.seat.clients is not None:
        check_machine(ports, found, machine)
    return found


def check_machine(ports: Ports, person: PersonPrincipal, machine: str) -> None:
    """Raises Fault `machine_unknown` (404) for a machine that the person does not see."""
    item = ports.store.get(keys.machine(person.farm, machine))
    if item is None or not person.seat.sees(item.read(Machine).labels.client):
        raise Fault("machine_unknown", "There is no such machine.", status=404)


def _check(person: PersonPrincipal, permission: Permission) -> None:
    if not at_least(person.seat.role, permission.role):
        message = f"This takes the role {permission.role} in this farm; yours is {person.seat.role}."
        raise Fault("not_allowed", message, status=403)
    if permission.whole_farm and person.seat.clients is not None:
        message = "This is for members who see the whole farm; you see some clients' machines."
        raise Fault("not_allowed", message, status=403)
    if permission.in_person and person.token:
        raise Fault("not_allowed", "An API token cannot do this; please sign in.", status=403)


def _signed_in(ports: Ports, cookie: str | None) -> tuple[Person, str]:
    email, session = person_of(cookie or ""), tokens.sha256(cookie or "")
    person = find_person(ports, email, session) if email else None
    if person is None:
        raise Fault("not_signed_in", "Please sign in.", status=401)
    return person, session


def _by_session(ports: Ports, proof: Proof) -> PersonPrincipal:
    person, session = _signed_in(ports, proof.cookie)
    farm = proof.farm or _only_farm(person.memberships)
    membership = person.memberships.get(farm)
    if membership is None:
        raise _no_farm()
    return PersonPrincipal(person.email, farm, membership.seat, session=session)


def _only_farm(memberships: dict[str, Membership]) -> str:
    if len(memberships) == 1:
        return next(iter(memberships))
    message = "Say which farm is meant, in the header Rig-Farm; GET /v1/session lists yours."
    raise Fault("farm_missing", message, status=400)


def _by_token(ports: Ports, farm: str | None, text: str) -> PersonPrincipal:
    """An API token counts for as long as, and no further than, the person behind it belongs to its farm."""
    token = tokens.read_token(text)
    item = ports.store.get(keys.api_token(token.farm, token.agent)) if token else None
    known = item.read(ApiToken) if item else None
    if token is None or known is None or not tokens.matches(token.secret, known.secret_sha256):
        raise Fault("token_wrong", "This API token is not known here.", status=401)
    if farm not in (None, token.farm):
        raise _no_farm()
    owner = ports.store.get(keys.person(known.email))
    membership = owner.read(Person).memberships.get(token.farm) if owner else None
    if membership is None:
        raise Fault("token_wrong", "This API token is not known here.", status=401)
    clients = None if known.clients is None else frozenset(known.clients)
    seat = weaker(Seat(known.role, clients), membership.seat)
    return PersonPrincipal(known.email, token.farm, seat, token=known.token)


def _no_farm() -> Fault:
    return Fault("farm_unknown", "There is no such farm.", status=404)
