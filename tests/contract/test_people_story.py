"""Two people and their farms, through the app, the same on every store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from cloud.app import create_app
from cloud.domain import keys
from cloud.domain.members import member_id
from cloud.domain.people import AuditEntry, Members, Person
from cloud.domain.policy import DAY_S
from cloud.ports import Ports, Store, Write, every
from cloud.usecases.create_owner import create_owner
from cloud.usecases.farm_store import FarmStore
from cloud.usecases.leave_farm import leave_farm
from cloud.usecases.remove_member import remove_member
from tests.fakes.caller import Answer, Caller
from tests.fakes.ports import PUBLIC_URL, fake_ports
from tests.fakes.time_and_chance import FakeClock
from wire.faults import Fault

OWNER, ANN = "owner@example.test", "ann@example.test"
PASSWORD = "a good password"


class Commander:
    """The app over the store under test, with one farm and its owner."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.clock, self.ports = clock, fake_ports(store=store, clock=clock)
        self.app = create_app(self.ports)
        self.farm = create_owner(self.ports, OWNER, PASSWORD, "North")
        self.nobody = Caller(self.app)
        self.owner = self.caller(self.sign_in(OWNER))

    def sign_in(self, email: str) -> Answer:
        return self.nobody.post("/v1/session", {"email": email, "password": PASSWORD})

    def caller(self, signed_in: Answer) -> Caller:
        """The browser that got this answer, in the first farm."""
        cookie = signed_in.headers["Set-Cookie"].partition(";")[0]
        return Caller(self.app, cookie=cookie, rig_farm=self.farm)

    def invite(self, body: dict[str, object]) -> str:
        """The secret of a new link."""
        link: str = self.owner.post("/v1/invitations", body).json["link"]
        return link.removeprefix(f"{PUBLIC_URL}/#/invitation/")

    def join(self, secret: str, email: str = ANN) -> Answer:
        body = {"secret": secret, "email": email, "password": PASSWORD}
        return self.nobody.post("/v1/invitations/join", body)

    def roles(self) -> dict[str, str]:
        """As the farm's list has them, and as each person's own item has them."""
        item = self.ports.store.get(keys.members(self.farm))
        assert item is not None
        listed = item.read(Members).members
        for email, place in listed.items():
            person = self.ports.store.get(keys.person(email))
            assert person is not None
            assert person.read(Person).memberships[self.farm] == place
        return {email: place.role.value for email, place in listed.items()}

    def acts(self) -> list[tuple[str, str]]:
        """Who did what to the farm."""
        lines = every(self.ports.store, keys.audit_pk(self.farm), keys.AUDIT_PREFIX, keys.AUDIT_PREFIX + "~")
        return [(line.by, line.action) for line in (item.read(AuditEntry) for item in lines)]


class Interrupted(FarmStore):
    """Before its first commit, something else happens."""

    def __init__(self, store: Store, farm: str, first: Callable[[], object]) -> None:
        super().__init__(store, farm)
        self._first: Callable[[], object] | None = first

    def commit(self, writes: Sequence[Write]) -> bool:
        first, self._first = self._first, None
        if first is not None:
            first()
        return super().commit(writes)


@pytest.fixture
def commander(store: Store, clock: FakeClock) -> Commander:
    return Commander(store, clock)


def test_invited_joined_changed_and_gone(commander: Commander) -> None:
    owner, secret = commander.owner, commander.invite({"role": "viewer", "clients": ["Ann"], "email": ANN})
    offer = commander.nobody.post("/v1/invitations/look", {"secret": secret}).json
    assert (offer["farm_name"], offer["email"], offer["has_account"]) == ("North", ANN, False)
    assert commander.join(secret, "bob@example.test").code == "invited_another"
    joined = commander.join(secret)
    assert (joined.status, commander.join(secret).code) == (201, "invitation_unknown")
    ann = commander.caller(joined)
    assert ann.get("/v1/members").code == "not_allowed"
    assert owner.delete("/v1/membership").code == "last_owner"
    changed = owner.call("PATCH", f"/v1/members/{member_id(ANN)}", body={"role": "owner", "clients": None})
    assert changed.json["role"] == "owner"
    assert ann.call("PATCH", f"/v1/members/{member_id(OWNER)}", body={"role": "viewer"}).status == 200
    assert commander.roles() == {OWNER: "viewer", ANN: "owner"}
    assert owner.get("/v1/members").code == "not_allowed"
    assert ann.delete(f"/v1/members/{member_id(OWNER)}").status == 204
    assert owner.get("/v1/farm").code == "farm_unknown"
    assert commander.roles() == {ANN: "owner"}
    assert commander.acts() == [
        ("commander", "create_farm"),
        (OWNER, "invite_person"),
        (ANN, "accept_invitation"),
        (OWNER, "change_member"),
        (ANN, "change_member"),
        (ANN, "remove_member"),
    ]


def test_two_farms_of_one_person(commander: Commander) -> None:
    ann = commander.caller(commander.join(commander.invite({"role": "operator"})))
    south = ann.post("/v1/farms", {"name": "South"}).json
    assert south["role"] == "owner"
    assert ann.call("PATCH", "/v1/farm", body={"name": "East"}).code == "not_allowed"
    renamed = ann.call("PATCH", "/v1/farm", body={"name": "East"}, headers={"rig-farm": south["farm"]})
    assert renamed.json["name"] == "East"
    seats = {seat["name"]: seat["role"] for seat in ann.get("/v1/session").json["farms"]}
    assert seats == {"East": "owner", "North": "operator"}
    assert commander.owner.get("/v1/farm", rig_farm=south["farm"]).code == "farm_unknown"
    invited = ann.call(
        "POST", "/v1/invitations", body={"role": "viewer"}, headers={"rig-farm": south["farm"]}
    )
    secret = invited.json["link"].removeprefix(f"{PUBLIC_URL}/#/invitation/")
    assert commander.join(secret, OWNER).code == "account_exists"
    accepted = commander.owner.post("/v1/invitations/accept", {"secret": secret})
    assert [seat["name"] for seat in accepted.json["farms"]] == ["East", "North"]
    assert commander.owner.post("/v1/invitations/accept", {"secret": secret}).code == "invitation_unknown"


def test_tokens_and_invitations_end(commander: Commander) -> None:
    ann = commander.caller(commander.join(commander.invite({"role": "viewer"})))
    asked = {"name": "a script", "role": "viewer", "days": 2}
    made = [ann.post("/v1/api-tokens", asked).json for _ in range(2)]
    programs = [Caller(commander.app, authorization=f"Bearer {each['secret']}") for each in made]
    assert [program.get("/v1/farm").status for program in programs] == [200, 200]
    assert len(commander.owner.get("/v1/api-tokens").json["tokens"]) == 2
    assert ann.delete(f"/v1/api-tokens/{made[0]['token']['token']}").status == 204
    assert [program.get("/v1/farm").status for program in programs] == [401, 200]
    assert ann.delete("/v1/membership").status == 204
    assert programs[1].get("/v1/farm").status == 401
    assert commander.owner.get("/v1/api-tokens").json["tokens"] == []
    secrets = [commander.invite({"role": "viewer"}) for _ in range(2)]
    (first, _) = commander.owner.get("/v1/members").json["invitations"]
    assert commander.owner.delete(f"/v1/invitations/{first['invitation']}").status == 204
    looks = [commander.nobody.post("/v1/invitations/look", {"secret": secret}).status for secret in secrets]
    assert sorted(looks) == [200, 404]
    commander.clock.advance(7 * DAY_S)
    looks = [commander.nobody.post("/v1/invitations/look", {"secret": secret}).status for secret in secrets]
    assert looks == [404, 404]


def test_two_owners_who_go_at_once_leave_one(commander: Commander) -> None:
    commander.join(commander.invite({"role": "owner"}))
    ports = commander.ports
    removed = _at_once(commander, lambda: remove_member(ports, commander.farm, ANN, member_id(OWNER)))
    with pytest.raises(Fault) as caught:
        leave_farm(removed, commander.farm, OWNER)
    assert caught.value.code == "member_unknown"
    assert commander.roles() == {ANN: "owner"}


def test_the_last_owner_is_found_out_in_the_race_too(commander: Commander) -> None:
    commander.join(commander.invite({"role": "owner"}))
    left = _at_once(commander, lambda: leave_farm(commander.ports, commander.farm, ANN))
    with pytest.raises(Fault) as caught:
        leave_farm(left, commander.farm, OWNER)
    assert caught.value.code == "last_owner"
    assert commander.roles() == {OWNER: "owner"}


def _at_once(commander: Commander, first: Callable[[], object]) -> Ports:
    """Ports whose first commit comes just after `first`."""
    store = Interrupted(commander.ports.store, commander.farm, first)
    return fake_ports(store=store, clock=commander.clock)
