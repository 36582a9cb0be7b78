"""Who may do what, by role and by client."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain import permissions
from cloud.domain.permissions import Permission, Seat, at_least, weaker
from wire.people import Role

ROLES = [Role.VIEWER, Role.OPERATOR, Role.OWNER]
NAMES = ["Ann", "Ben", "Cleo", ""]
SEATS = st.builds(Seat, st.sampled_from(ROLES), st.none() | st.frozensets(st.sampled_from(NAMES)))
CLIENTS = st.none() | st.sampled_from(NAMES)


@pytest.mark.parametrize(("place", "role"), list(enumerate(ROLES)))
def test_a_role_may_do_what_those_before_it_may(place: int, role: Role) -> None:
    assert [at_least(role, wanted) for wanted in ROLES] == [number <= place for number in range(3)]


def test_every_role_has_its_place() -> None:
    assert list(Role) == ROLES


@pytest.mark.parametrize(
    ("clients", "seen"),
    [
        (None, ["Ann", "Ben", "", None]),
        (frozenset({"Ann"}), ["Ann"]),
        (frozenset({""}), [""]),
        (frozenset(), []),
    ],
)
def test_a_limit_hides_other_clients_and_the_farms_own_machines(
    clients: frozenset[str] | None, seen: list[str | None]
) -> None:
    seat = Seat(Role.OWNER, clients)
    assert [client for client in ("Ann", "Ben", "", None) if seat.sees(client)] == seen


@given(SEATS, SEATS, CLIENTS)
def test_the_weaker_of_two_seats_may_what_both_may(one: Seat, other: Seat, client: str | None) -> None:
    both = weaker(one, other)
    assert both == weaker(other, one)
    assert both.sees(client) == (one.sees(client) and other.sees(client))
    for role in ROLES:
        assert at_least(both.role, role) == (at_least(one.role, role) and at_least(other.role, role))


def test_who_decides_about_people_sees_the_whole_farm() -> None:
    """Else the limit on a member could be lifted by that member."""
    declared = [value for value in vars(permissions).values() if isinstance(value, Permission)]
    assert len(declared) == 7
    assert all(one.whole_farm for one in declared if one.role is Role.OWNER)
