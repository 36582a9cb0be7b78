"""Tells the page who is signed in."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.principals import PersonPrincipal
from cloud.domain.records import Farm
from cloud.ports import Ports
from wire.live import SessionView


def show_session(ports: Ports, person: PersonPrincipal) -> SessionView:
    """The person's address and farm."""
    item = ports.store.get(keys.farm(person.farm))
    name = item.read(Farm).name if item else person.farm
    return SessionView(person.email, person.farm, name)
