"""What is kept of people, by this program and by older ones."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.people import Connection, Membership, Person
from cloud.domain.permissions import Seat
from wire.people import Role

PLACE = Membership(Role.VIEWER, ("Ann",), 5.0)


def test_person_of_an_older_program_owns_their_one_farm() -> None:
    body = b'{"email":"a@b.test","farm":"f","password_hash":"hash","created_at":1.5,"generation":2}'
    person = msgspec.json.decode(body, type=Person)
    assert person.memberships == {"f": Membership(Role.OWNER, None, 1.5)}
    assert (person.generation, person.verified, person.totp_secret) == (2, False, None)


@pytest.mark.parametrize("farm", ["", "f"])
def test_farms_count_once_they_are_written_out(farm: str) -> None:
    person = Person("a@b.test", farm, "hash", 1.0, farms={"g": PLACE})
    assert person.memberships == {"g": PLACE}


def test_somebody_may_belong_nowhere() -> None:
    assert Person("a@b.test", "", "hash", 1.0).memberships == {}


@pytest.mark.parametrize(("clients", "kept"), [(None, None), ((), frozenset()), (("A",), frozenset({"A"}))])
def test_seat_of_a_membership(clients: tuple[str, ...] | None, kept: frozenset[str] | None) -> None:
    assert Membership(Role.OPERATOR, clients).seat == Seat(Role.OPERATOR, kept)


@pytest.mark.parametrize("clients", [None, (), ("Ann",)])
def test_a_socket_sees_what_its_member_sees(clients: tuple[str, ...] | None) -> None:
    socket, seat = Connection("f", "c", "a@b.test", "s", clients), Membership(Role.VIEWER, clients).seat
    for client in ("Ann", "Ben", "", None):
        assert socket.sees(client) == seat.sees(client)
