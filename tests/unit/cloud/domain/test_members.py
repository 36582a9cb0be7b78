"""The rules of belonging to a farm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain import keys, members
from cloud.domain.people import Invitation, Members, Membership
from cloud.domain.policy import Policy
from cloud.ports import MAX_BODY_BYTES, Item
from tests.fakes.reports import NOW
from wire.faults import Fault
from wire.people import Role

OWNER, VIEWER = Membership(Role.OWNER), Membership(Role.VIEWER, ("Ann",))


@pytest.mark.parametrize("text", ["a@b", " Ann@Example.test\n", "ünï@exämple.test", "a+b#c@d.e", "a@[::1]"])
def test_an_address_is_kept_in_small_letters(text: str) -> None:
    assert members.checked_email(text) == text.strip().lower()


def test_an_address_has_one_spelling() -> None:
    assert members.checked_email("Jose\u0301@x.org") == members.checked_email("josé@x.org") == "josé@x.org"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@b",
        "a@",
        "a@b@c",
        "a b@c",
        "a@b c",
        "a\n@b",
        "a\x00@b",
        "a\u202e@b",
        "a\u200b@b",
        "\ud800@b",
        "a@\u0301b",
        "\u0301@b",
        "😀\ufe0f@b",
        *(f"view@x.org{hidden}" for hidden in "\ufe0f\u034f\u3164\u115f\u2800\u17b4\u200d\U000e0100"),
    ],
)
def test_other_text_is_no_address(text: str) -> None:
    with pytest.raises(Fault) as caught:
        members.checked_email(text)
    assert (caught.value.code, caught.value.field) == ("bad_email", "email")


def test_the_longest_address_fits_a_key_of_every_store() -> None:
    longest = "😀" * 318 + "@b"
    assert len(members.checked_email(longest).encode()) < 2048 - len("person#")
    with pytest.raises(Fault):
        members.checked_email("x" + longest)


@given(st.text())
def test_whatever_passes_passes_again_as_it_is(text: str) -> None:
    try:
        email = members.checked_email(text)
    except Fault:
        return
    assert members.checked_email(email) == email


def test_a_member_is_named_by_32_hex_digits_in_paths() -> None:
    assert members.member_id("owner@example.test") == "b2096dbc5111b6305225657ffdfab205"
    assert members.member_id("a@b") != members.member_id("a@c")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_see_the_whole_farm(role: Role) -> None:
    assert members.checked_clients(role, None) is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_clients_stand_once_each_and_without_space_around(role: Role) -> None:
    assert members.checked_clients(role, ("Bob", " Ann ", "Bob ", "")) == ("Bob", "Ann")


@pytest.mark.parametrize(
    ("role", "clients", "code"),
    [
        (Role.OWNER, ("Ann",), "owner_sees_all"),
        (Role.OWNER, (), "owner_sees_all"),
        (Role.VIEWER, (), "bad_clients"),
        (Role.VIEWER, (" ",), "bad_clients"),
        (Role.VIEWER, tuple(f"{number:02}{'🐄' * 78}" for number in range(50)), "bad_clients"),
        (Role.VIEWER, ("x" * 81,), "bad_label"),
        (Role.VIEWER, ("An\u202en",), "bad_label"),
    ],
)
def test_other_limits_are_refused(role: Role, clients: tuple[str, ...], code: str) -> None:
    with pytest.raises(Fault) as caught:
        members.checked_clients(role, clients)
    assert (caught.value.code, caught.value.field, caught.value.status) == (code, "clients", 422)


def _invitation(number: int, clients: tuple[str, ...] | None) -> Invitation:
    return Invitation(f"invitation_{number}", None, Role.OPERATOR, clients, "a@b", NOW, NOW)


def _are_kept(invited: list[Invitation]) -> bool:
    try:
        members.check_places({"a@b": OWNER}, invited)
    except Fault:
        return False
    return True


def test_whoever_is_invited_can_be_kept_as_a_member() -> None:
    clients = tuple(f"{number:02}{'x' * 70}" for number in range(50))
    invited = [_invitation(number, clients) for number in range(200)]
    most = max(count for count in range(200) if _are_kept(invited[:count]))
    with pytest.raises(Fault) as caught:
        members.check_places({"a@b": OWNER}, invited[: most + 1])
    assert (caught.value.code, caught.value.status) == ("limits_too_long", 409)
    place = Membership(Role.OPERATOR, clients, NOW)
    longest = {f"{number:03}{'😀' * 315}@b": place for number in range(most)}
    size = len(Item.of(keys.members("farm"), Members({"a@b": OWNER, **longest})).body)
    assert MAX_BODY_BYTES * 0.9 < size < MAX_BODY_BYTES


def test_a_farm_of_200_people_without_limits_is_never_too_long() -> None:
    members.check_places({"a@b": OWNER}, [_invitation(number, None) for number in range(199)])


def test_the_limits_of_as_many_farms_as_one_may_have_fit_one_item() -> None:
    most = Policy().farms_per_person_max * members.CLIENTS_MAX_BYTES
    assert most < 0.8 * MAX_BODY_BYTES


def test_a_farm_has_an_owner() -> None:
    members.check_has_owner({"a": VIEWER, "b": OWNER})
    for left in ({}, {"a": VIEWER}):
        with pytest.raises(Fault) as caught:
            members.check_has_owner(left)
        assert (caught.value.code, caught.value.status) == ("last_owner", 409)


def test_only_an_owner_decides() -> None:
    members.check_owner({"a": OWNER}, "a")
    for asking in ("b", "c"):
        with pytest.raises(Fault) as caught:
            members.check_owner({"a": OWNER, "b": VIEWER}, asking)
        assert (caught.value.code, caught.value.status) == ("not_allowed", 403)


def test_a_member_is_found_by_id_and_not_by_address() -> None:
    known = {"a@b": OWNER, "c@d": VIEWER}
    assert members.find_member(known, members.member_id("c@d")) == "c@d"
    for other in ("c@d", members.member_id("e@f"), ""):
        with pytest.raises(Fault) as caught:
            members.find_member(known, other)
        assert (caught.value.code, caught.value.status) == ("member_unknown", 404)
