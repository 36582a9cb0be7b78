"""Who asks, in which farm, and what they may there: by cookie and by API token."""

from __future__ import annotations

import pytest

from cloud.domain import keys, tokens
from cloud.domain.people import Person, Session
from cloud.domain.permissions import (
    OPERATE,
    OPERATE_FARM,
    OWN,
    OWN_IN_PERSON,
    VIEW,
    VIEW_FARM,
    VIEW_IN_PERSON,
    Permission,
    Seat,
)
from cloud.domain.principals import AccountPrincipal, PersonPrincipal
from cloud.domain.session_cookie import new_cookie
from cloud.ports import Delete, Item, Put
from cloud.usecases.authorise_person import Proof, authorise_account, authorise_person
from cloud.usecases.change_machine import change_machine
from cloud.usecases.set_password import set_password
from tests.fakes.people import bearer_of, member, remove_member
from tests.fakes.reports import NOW
from tests.fakes.world import ALL, OWNER, Farm, Sentry, World
from wire.faults import Fault
from wire.live import MachineChange
from wire.people import Role

OTHER = "other@example.test"
NAMED = {
    "VIEW": VIEW,
    "VIEW_FARM": VIEW_FARM,
    "VIEW_IN_PERSON": VIEW_IN_PERSON,
    "OPERATE": OPERATE,
    "OPERATE_FARM": OPERATE_FARM,
    "OWN": OWN,
    "OWN_IN_PERSON": OWN_IN_PERSON,
}
OF_VIEWER = {"VIEW", "VIEW_FARM", "VIEW_IN_PERSON"}
OF_OPERATOR = OF_VIEWER | {"OPERATE", "OPERATE_FARM"}
ALLOWED: list[tuple[Role, tuple[str, ...] | None, set[str]]] = [
    (Role.VIEWER, None, OF_VIEWER),
    (Role.OPERATOR, None, OF_OPERATOR),
    (Role.OWNER, None, set(NAMED)),
    (Role.VIEWER, ("Ann",), {"VIEW", "VIEW_IN_PERSON"}),
    (Role.OPERATOR, ("Ann",), {"VIEW", "VIEW_IN_PERSON", "OPERATE"}),
    (Role.OWNER, ("Ann",), {"VIEW", "VIEW_IN_PERSON", "OPERATE"}),
    (Role.VIEWER, (), {"VIEW", "VIEW_IN_PERSON"}),
]
IN_PERSON = {"VIEW_IN_PERSON", "OWN_IN_PERSON"}


def _refused(
    world: World, proof: Proof, permission: Permission = VIEW, machine: str | None = None
) -> tuple[str, int]:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        authorise_person(world.ports, proof, permission, machine)
    assert world.store.items == before
    return caught.value.code, caught.value.status


def _may(world: World, proof: Proof) -> set[str]:
    """The names of the permissions that the proof is enough for; the rest are refused as such."""
    return {name for name, permission in NAMED.items() if _is_let(world, proof, permission)}


def _is_let(world: World, proof: Proof, permission: Permission) -> bool:
    try:
        authorise_person(world.ports, proof, permission)
    except Fault as fault:
        if (fault.code, fault.status) != ("not_allowed", 403):
            raise
        return False
    return True


def test_cookie_proves_the_person_and_their_seat_in_the_farm_in_one_read(world: World, farm: Farm) -> None:
    digest = tokens.sha256(farm.cookie)
    world.store.calls.clear()
    found = authorise_person(world.ports, Proof(farm.cookie), VIEW)
    assert found == PersonPrincipal(OWNER, farm.farm, Seat(Role.OWNER), session=digest)
    assert world.store.verbs == ["get_many"]
    assert authorise_account(world.ports, farm.cookie) == AccountPrincipal(OWNER, digest)


@pytest.mark.parametrize("cookie", [None, "", "unknown", "é" * 100, "c" * 43])
def test_anything_else_is_not_signed_in_and_costs_no_read(
    world: World, farm: Farm, cookie: str | None
) -> None:
    world.store.calls.clear()
    assert _refused(world, Proof(cookie)) == ("not_signed_in", 401)
    assert _refused(world, Proof(cookie, farm=farm.farm)) == ("not_signed_in", 401)
    with pytest.raises(Fault) as caught:
        authorise_account(world.ports, cookie)
    assert (caught.value.code, caught.value.status) == ("not_signed_in", 401)
    assert world.store.calls == []


def test_digest_of_a_session_is_no_cookie(world: World, farm: Farm) -> None:
    assert _refused(world, Proof(tokens.sha256(farm.cookie))) == ("not_signed_in", 401)


def test_session_expires(world: World, farm: Farm) -> None:
    world.clock.advance(world.ports.policy.session_s - 1)
    assert authorise_person(world.ports, Proof(farm.cookie), VIEW).farm == farm.farm
    world.clock.advance(1)
    assert _refused(world, Proof(farm.cookie)) == ("not_signed_in", 401)


def test_a_new_password_ends_every_session_before_it(world: World, farm: Farm) -> None:
    set_password(world.ports, OWNER, "quite-another")
    assert _refused(world, Proof(farm.cookie)) == ("not_signed_in", 401)
    with pytest.raises(Fault, match="sign in"):
        authorise_account(world.ports, farm.cookie)


def test_session_of_an_older_program_is_over(world: World, farm: Farm) -> None:
    cookie = "c" * 43
    key = keys.Key(f"session#{tokens.sha256(cookie)}", "session")
    body = b'{"email":"%s","farm":"%s","created_at":%f}' % (OWNER.encode(), farm.farm.encode(), NOW)
    world.store.write(Put(Item(key, "session", body, expires_at=int(NOW) + 1000)))
    assert _refused(world, Proof(cookie)) == ("not_signed_in", 401)


def test_session_of_nobody_is_none(world: World, farm: Farm) -> None:
    world.store.write(Delete(keys.person(OWNER)))
    assert _refused(world, Proof(farm.cookie)) == ("not_signed_in", 401)


def test_another_person_cannot_be_put_behind_a_secret(world: World, farm: Farm) -> None:
    world.farm("South", OTHER)
    secret = farm.cookie.partition(".")[0]
    assert _refused(world, Proof(new_cookie(secret, OTHER))) == ("not_signed_in", 401)


def test_sessions_are_kept_by_generation(world: World, farm: Farm) -> None:
    key = keys.session(OWNER, tokens.sha256(farm.cookie))
    kept = world.store.items[key]
    set_password(world.ports, OWNER, "quite-another")
    assert kept.read(Session).generation == 0
    world.store.items[key] = kept
    assert _refused(world, Proof(farm.cookie)) == ("not_signed_in", 401)


@pytest.mark.parametrize(("role", "clients", "allowed"), ALLOWED)
def test_a_member_may_what_their_role_and_clients_allow(
    world: World, farm: Farm, role: Role, clients: tuple[str, ...] | None, allowed: set[str]
) -> None:
    seated = member(world, farm, OTHER, role, clients)
    assert _may(world, Proof(seated.cookie)) == allowed


@pytest.mark.parametrize(("role", "clients", "allowed"), ALLOWED)
def test_an_api_token_may_what_it_says_but_nothing_that_takes_a_person(
    world: World, farm: Farm, role: Role, clients: tuple[str, ...] | None, allowed: set[str]
) -> None:
    bearer = bearer_of(world, farm.farm, OWNER, role, clients)
    assert _may(world, Proof(authorization=bearer)) == allowed - IN_PERSON


@pytest.mark.parametrize(("role", "clients", "allowed"), ALLOWED)
def test_an_api_token_may_no_more_than_the_person_behind_it(
    world: World, farm: Farm, role: Role, clients: tuple[str, ...] | None, allowed: set[str]
) -> None:
    member(world, farm, OTHER, role, clients)
    assert _may(world, Proof(authorization=bearer_of(world, farm.farm, OTHER))) == allowed - IN_PERSON


def test_a_refusal_says_what_it_takes(world: World, farm: Farm) -> None:
    viewer, limited = member(world, farm, OTHER), member(world, farm, "c@example.test", Role.OWNER, ("Ann",))
    wanted = [
        (Proof(viewer.cookie), OPERATE, "takes the role operator in this farm; yours is viewer"),
        (Proof(limited.cookie), OWN, "see the whole farm"),
        (Proof(authorization=bearer_of(world, farm.farm, OWNER)), OWN_IN_PERSON, "API token cannot"),
    ]
    for proof, permission, words in wanted:
        with pytest.raises(Fault, match=words):
            authorise_person(world.ports, proof, permission)


def test_who_belongs_to_several_farms_says_which(world: World, farm: Farm) -> None:
    south = world.farm("South", OTHER)
    assert _only(world, farm) == farm.farm
    member(world, south, OWNER, Role.VIEWER, ("Ann",))
    assert _refused(world, Proof(farm.cookie)) == ("farm_missing", 400)
    assert _refused(world, Proof(farm.cookie, farm="")) == ("farm_missing", 400)
    here = authorise_person(world.ports, Proof(farm.cookie, farm=farm.farm), VIEW)
    there = authorise_person(world.ports, Proof(farm.cookie, farm=south.farm), VIEW)
    assert (here.farm, here.seat) == (farm.farm, Seat(Role.OWNER))
    assert (there.farm, there.seat) == (south.farm, Seat(Role.VIEWER, frozenset({"Ann"})))
    assert _refused(world, Proof(farm.cookie, farm=south.farm), OPERATE) == ("not_allowed", 403)


def _only(world: World, farm: Farm) -> str:
    return authorise_person(world.ports, Proof(farm.cookie), VIEW).farm


def test_who_belongs_nowhere_is_asked_for_a_farm_and_still_has_an_account(world: World, farm: Farm) -> None:
    remove_member(world, farm.farm, OWNER)
    assert _refused(world, Proof(farm.cookie)) == ("farm_missing", 400)
    assert _refused(world, Proof(farm.cookie, farm=farm.farm)) == ("farm_unknown", 404)
    assert authorise_account(world.ports, farm.cookie).email == OWNER


def test_a_farm_of_others_looks_like_one_that_does_not_exist(world: World, farm: Farm) -> None:
    south = world.farm("South", OTHER)
    faults = []
    for named in (south.farm, "farm_unknown", "x" * 5000, "é"):
        with pytest.raises(Fault) as caught:
            authorise_person(world.ports, Proof(farm.cookie, farm=named), VIEW)
        faults.append((caught.value.code, caught.value.status, caught.value.message))
    assert set(faults) == {("farm_unknown", 404, "There is no such farm.")}


def test_person_of_an_older_program_owns_their_farm(world: World, farm: Farm) -> None:
    older = Person(OWNER, farm.farm, "hash", NOW)
    world.store.write(Put(Item.of(keys.person(OWNER), older, revision=2)))
    found = authorise_person(world.ports, Proof(farm.cookie), OWN_IN_PERSON)
    assert (found.farm, found.seat) == (farm.farm, Seat(Role.OWNER))


def test_api_token_names_itself_its_person_and_its_farm(world: World, farm: Farm) -> None:
    bearer = bearer_of(world, farm.farm, OWNER, Role.OPERATOR, ("Ann",))
    token = bearer.split(".")[1]
    expected = PersonPrincipal(OWNER, farm.farm, Seat(Role.OPERATOR, frozenset({"Ann"})), token=token)
    for spelt in (bearer, bearer.replace("Bearer ", "bearer  ")):
        assert authorise_person(world.ports, Proof(authorization=spelt), VIEW) == expected
    assert authorise_person(world.ports, Proof(authorization=bearer, farm=farm.farm), VIEW) == expected


def test_api_token_is_of_one_farm_whoever_its_person_is_elsewhere(world: World, farm: Farm) -> None:
    south = world.farm("South", OTHER)
    member(world, south, OWNER, Role.OWNER)
    bearer = bearer_of(world, farm.farm, OWNER)
    assert authorise_person(world.ports, Proof(authorization=bearer), VIEW).farm == farm.farm
    assert _refused(world, Proof(authorization=bearer, farm=south.farm)) == ("farm_unknown", 404)
    moved = bearer.replace(farm.farm, south.farm)
    assert _refused(world, Proof(authorization=moved)) == ("token_wrong", 401)


def test_api_token_ends_with_its_time(world: World, farm: Farm) -> None:
    proof = Proof(authorization=bearer_of(world, farm.farm, OWNER, lasts_s=100))
    world.clock.advance(99)
    assert authorise_person(world.ports, proof, VIEW).email == OWNER
    world.clock.advance(1)
    assert _refused(world, proof) == ("token_wrong", 401)


def test_api_token_ends_when_it_is_revoked(world: World, farm: Farm) -> None:
    bearer = bearer_of(world, farm.farm, OWNER)
    world.store.write(Delete(keys.api_token(farm.farm, bearer.split(".")[1])))
    assert _refused(world, Proof(authorization=bearer)) == ("token_wrong", 401)


def test_api_token_ends_when_its_person_leaves_the_farm_or_goes(world: World, farm: Farm) -> None:
    member(world, farm, OTHER)
    proof = Proof(authorization=bearer_of(world, farm.farm, OTHER))
    assert authorise_person(world.ports, proof, VIEW).email == OTHER
    remove_member(world, farm.farm, OTHER)
    assert _refused(world, proof) == ("token_wrong", 401)
    world.store.write(Delete(keys.person(OTHER)))
    assert _refused(world, proof) == ("token_wrong", 401)


def test_api_token_outlives_sessions_and_passwords(world: World, farm: Farm) -> None:
    proof = Proof(authorization=bearer_of(world, farm.farm, OWNER))
    set_password(world.ports, OWNER, "quite-another")
    assert authorise_person(world.ports, proof, VIEW).email == OWNER


def test_made_up_api_tokens_are_refused_alike(world: World, farm: Farm) -> None:
    sentry, good = world.sentry(farm), bearer_of(world, farm.farm, OWNER)
    rubbish = [
        "Bearer",
        "Bearer ",
        "Bearer x",
        good[:-1] + "x",
        good + "x",
    ]
    for bearer in [*rubbish, sentry.bearer]:
        assert _refused(world, Proof(authorization=bearer)) == ("token_wrong", 401)
        assert _refused(world, Proof(farm.cookie, bearer)) == ("token_wrong", 401)


def test_what_a_proxy_asks_for_is_no_token_of_ours(world: World, farm: Farm) -> None:
    for header in ("Basic eDp5", bearer_of(world, farm.farm, OWNER).removeprefix("Bearer ")):
        assert authorise_person(world.ports, Proof(farm.cookie, header), VIEW).email == OWNER
        assert _refused(world, Proof(authorization=header)) == ("not_signed_in", 401)


@pytest.fixture
def anns(world: World, farm: Farm) -> Sentry:
    sentry = world.sentry(farm, "rig of Ann")
    change_machine(world.ports, farm.farm, sentry.machine, MachineChange(client="Ann"), ALL)
    return sentry


def test_machine_of_another_client_looks_like_one_that_does_not_exist(
    world: World, farm: Farm, anns: Sentry
) -> None:
    own, ben = world.sentry(farm, "the farm's own"), world.sentry(farm, "rig of Ben")
    change_machine(world.ports, farm.farm, ben.machine, MachineChange(client="Ben"), ALL)
    limited = member(world, farm, OTHER, Role.OPERATOR, ("Ann", "Cleo"))
    proofs = [
        Proof(limited.cookie),
        Proof(authorization=bearer_of(world, farm.farm, OWNER, clients=("Ann",))),
    ]
    for proof in proofs:
        assert authorise_person(world.ports, proof, OPERATE, anns.machine).farm == farm.farm
        faults = set()
        for machine in (own.machine, ben.machine, "machine_none"):
            with pytest.raises(Fault) as caught:
                authorise_person(world.ports, proof, OPERATE, machine)
            faults.add((caught.value.code, caught.value.status, caught.value.message))
        assert faults == {("machine_unknown", 404, "There is no such machine.")}


def test_who_sees_the_whole_farm_costs_no_look_at_the_machine(world: World, farm: Farm, anns: Sentry) -> None:
    world.store.calls.clear()
    authorise_person(world.ports, Proof(farm.cookie), VIEW, anns.machine)
    assert world.store.verbs == ["get_many"]


def test_what_may_not_be_done_is_refused_before_a_machine_is_looked_at(
    world: World, farm: Farm, anns: Sentry
) -> None:
    viewer = member(world, farm, OTHER, Role.VIEWER, ("Ben",))
    for machine in (anns.machine, "machine_none"):
        assert _refused(world, Proof(viewer.cookie), OPERATE, machine) == ("not_allowed", 403)


def test_machine_of_another_farm_is_not_seen_by_a_limited_member_there(
    world: World, farm: Farm, anns: Sentry
) -> None:
    south = world.farm("South", "south@example.test")
    limited = member(world, south, OTHER, Role.OPERATOR, ("Ann",))
    assert _refused(world, Proof(limited.cookie), OPERATE, anns.machine) == ("machine_unknown", 404)
