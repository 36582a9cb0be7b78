"""Tells the page who is signed in, and where they belong."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.domain.records import Farm
from cloud.ports import Ports
from wire.faults import Fault
from wire.people import FarmSeat, SessionView


def show_session(ports: Ports, email: str) -> SessionView:
    """The person and their farms by name; raises Fault `not_signed_in` (401) when the account has gone."""
    item = ports.store.get(keys.person(email))
    if item is None:
        raise Fault("not_signed_in", "Please sign in.", status=401)
    person = item.read(Person)
    places = {keys.farm(farm): place for farm, place in person.memberships.items()}
    found = ports.store.get_many(list(places))
    farms = {key: found[key].read(Farm) for key in places if key in found}
    seats = [
        FarmSeat(farm.farm, farm.name, places[key].role, places[key].clients) for key, farm in farms.items()
    ]
    return SessionView(
        email=person.email,
        farms=sorted(seats, key=lambda seat: (seat.name, seat.farm)),
        second_factor=person.totp_secret is not None,
        has_password=person.password_hash != "",
        provider=ports.provider_name if person.identity else None,
    )
