"""Lets somebody who has an account into the farm that they are invited to."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Ports
from cloud.usecases.admit_person import admit_person
from cloud.usecases.find_invitation import find_invitation
from cloud.usecases.keep_members import tried_again
from wire.faults import Fault


def accept_invitation(ports: Ports, email: str, secret: str) -> None:
    """The account belongs to the farm from now on; a link out of a letter proves the address as well.

    Raises Fault `invitation_unknown` (404), `invited_another`, `member_already` or `too_many_farms` (409).
    """

    def attempt() -> bool | None:
        opened = find_invitation(ports, secret)
        item = ports.store.get(keys.person(email))
        if item is None:
            raise Fault("not_signed_in", "Please sign in.", status=401)
        person = item.read(Person)
        proved = msgspec.structs.replace(person, verified=person.verified or opened.mailed)
        return admit_person(ports, opened, proved, item.revision) or None

    tried_again(attempt)
