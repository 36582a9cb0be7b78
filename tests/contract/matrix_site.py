"""A commander with two farms and three clients, each text of which says whose it is, for the matrix."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

from msgspec import UNSET

from cloud.app import create_app
from cloud.domain import keys
from cloud.domain.members import member_id
from cloud.domain.people import Person
from cloud.domain.permissions import VIEW
from cloud.domain.tokens import Token, sha256
from cloud.ports import Delete, Ports
from cloud.usecases.authorise_person import Proof, authorise_person
from cloud.usecases.begin_rollout import begin_rollout
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_api_token import create_api_token
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.give_errand import give_errand
from cloud.usecases.give_order import give_order
from cloud.usecases.invite_person import invite_person
from cloud.usecases.open_session import Origin, open_session
from cloud.usecases.save_playbook import add_playbook
from cloud.usecases.save_pool import add_pool
from cloud.usecases.save_software import add_software
from cloud.usecases.save_wallet import add_wallet
from cloud.usecases.watch_programs import watch_programs
from tests.fakes.caller import COOKIE, Answer, Caller
from tests.fakes.edges import edge_state, new_edge
from tests.fakes.mail import FakeMail
from tests.fakes.people import member
from tests.fakes.reports import NOW, block
from tests.fakes.signing import Signing
from tests.fakes.templates import draft, pool, software, wallet
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.edge import ErrandLine, ErrandResult, FoundDevice, Search
from wire.live import MachineChange, OrderRequest, ParkedFor, Parking
from wire.messages import (
    Action,
    Device,
    LogLines,
    MachineReport,
    Mining,
    Program,
    Report,
    RigEvent,
    Specs,
    Unread,
    WatchedProgram,
)
from wire.people import FARM_HEADER, ApiTokenRequest, InvitationRequest, Role
from wire.templates import Speed

NORTH, ANN, AGENT, WHOLE, SOUTH = MARKS = ("znorth", "zann", "zagent", "zwhole", "zsouth")
"""In texts and ids: of the farm North itself; of its client Ann; of her rig's agent and network; of all
else in North; of the farm South."""

_MEMBER = frozenset({NORTH, ANN, AGENT, WHOLE})
SHOWN = {
    "nobody": frozenset[str](),
    "agent": frozenset({NORTH, ANN, AGENT}),
    "viewer": _MEMBER,
    "operator": _MEMBER,
    "owner": _MEMBER,
    "Ann's viewer": frozenset({NORTH, ANN}),
    "Ann's operator": frozenset({NORTH, ANN}),
    "owner of South": frozenset({SOUTH}),
    "expired session": frozenset[str](),
    "revoked token": frozenset[str](),
    "viewer's token": _MEMBER,
    "owner's token": _MEMBER,
}
"""Who asks, in the order of the matrix' columns, and whose marks they may be shown."""
LIMITED = ("Ann's viewer", "Ann's operator")
_PEOPLE = {
    "viewer": (f"viewer-{WHOLE}@north.example", Role.VIEWER, None),
    "operator": (f"operator-{WHOLE}@north.example", Role.OPERATOR, None),
    "Ann's viewer": (f"viewer-{ANN}@north.example", Role.VIEWER, ("Ann",)),
    "Ann's operator": (f"operator-{ANN}@north.example", Role.OPERATOR, ("Ann",)),
}
OWNER, SECOND_OWNER, BOSS = "owner@north.example", f"second-{WHOLE}@north.example", f"{SOUTH}@south.example"
HOST = "host@west.example"
PROGRAM = f"{ANN}-miner"


def foreign_marks(text: str, actor: str) -> list[str]:
    """The marks in a text that are not for the actor."""
    return [mark for mark in MARKS if mark in text.lower() and mark not in SHOWN[actor]]


class MarkedRandomness:
    """The port `Randomness`; ids and secrets carry the mark of whoever they are made for.

    Each mark has its own numbers, so that one's are the same whatever others there are.
    """

    def __init__(self) -> None:
        self.mark = NORTH
        self.numbers: defaultdict[str, int] = defaultdict(int)

    def new_id(self, prefix: str) -> str:
        mark = AGENT if (self.mark, prefix) == (ANN, "agent") else self.mark
        return f"{prefix}_{mark}{self._next(mark):04d}"

    def new_secret(self) -> str:
        return f"{self.mark:-<20}{self._next(self.mark):023d}"

    def _next(self, mark: str) -> int:
        self.numbers[mark] += 1
        return self.numbers[mark]


class Actor(NamedTuple):
    """Who asks, and what they show; `email` of the account behind it, the owner's where there is none."""

    name: str
    headers: dict[str, str]
    email: str


@dataclass(frozen=True)
class Things:
    """Ids of one owner by the name that they have in paths; `binned` is an agent in the bin."""

    machine: str
    agent: str = ""
    edge: str = ""
    binned: str = ""
    member: str = ""
    invitation: str = ""
    token: str = ""
    session: str = ""
    pool: str = ""
    wallet: str = ""
    unused_pool: str = ""
    unused_wallet: str = ""
    playbook: str = ""
    rollout: str = ""


class Site:
    """The farm North, which all requests name, and what the rest of the world has beside it.

    `own` are North's things (the machine and the agent are Ann's); `hidden` are machines that only whole
    members of North see; `welcome` is the secret of an invitation to the farm West, which everybody may
    know. Without others, what is left has the same names, ids and secrets as with them.
    """

    def __init__(self, *, other_clients: bool = True, other_farm: bool = True) -> None:
        self.world, self.randomness = World(), MarkedRandomness()
        Signing(self.world)
        self.world.ports = replace(self.world.ports, randomness=self.randomness, mail=FakeMail())
        self.welcome = self._west()
        self.north, expired = self._north()
        self.rig = self._rig(self.north, ANN, "Ann")
        self.own = self._things(self.north, WHOLE, self.rig)
        self.hidden = [self._rig(self.north, WHOLE, of) for of in ("Bob", None)] if other_clients else []
        self.south_rig: Sentry | None = None
        self.south: Things | None = None
        if other_farm:
            self.south_rig, self.south = self._south()
        self.actors = self._actors(expired)
        self.app = create_app(self.world.ports)
        self.caller = Caller(self.app)
        self._saved = dict(self.world.store.items), dict(self.randomness.numbers)

    @property
    def ports(self) -> Ports:
        return self.world.ports

    def afresh(self) -> None:
        """As it was made, whatever was done since."""
        items, numbers = self._saved
        self.world.store.items = dict(items)
        self.world.store.changes.clear()
        self.world.sockets.sent.clear()
        self.world.clock.now = NOW
        self.randomness.numbers = defaultdict(int, numbers)
        self.randomness.mark = "zmade"

    def call(self, actor: str, method: str, path: str, body: object = None, query: str = "") -> Answer:
        """A request of the actor, in North."""
        headers = {FARM_HEADER: self.north.farm, **self.actors[actor].headers}
        return self.caller.call(method, path, body=body, query=query, headers=headers)

    def account(self, email: str) -> Person:
        """The account as it stands."""
        return self.world.store.items[keys.person(email)].read(Person)

    def new_session(self, email: str) -> str:
        """The id of another session of an account."""
        return sha256(self._cookie(email))

    def _cookie(self, email: str) -> str:
        return open_session(self.ports, self.account(email), Origin("192.0.2.7", "a browser"))

    def new_token(self, actor: Actor) -> str:
        """The id of another API token of a signed-in member of North."""
        cookie = actor.headers["cookie"].partition("=")[2]
        return _id_of(self._token(Farm(self.north.farm, actor.email, cookie), "zown", Role.VIEWER))

    def _west(self) -> str:
        self.randomness.mark = "zwest"
        farm = self.world.farm("West", HOST)
        made = invite_person(self.ports, farm.farm, HOST, InvitationRequest(Role.VIEWER))
        return made.link.rpartition("/")[2]

    def _north(self) -> tuple[Farm, str]:
        """The farm with a good session of its owner, and a cookie that has expired."""
        self.randomness.mark = NORTH
        self.world.clock.advance(-self.ports.policy.session_s - 1)
        farm = self.world.farm(f"North {NORTH}", OWNER)
        self.world.clock.now = NOW
        member(self.world, farm, SECOND_OWNER, Role.OWNER)
        return farm._replace(cookie=self._cookie(OWNER)), farm.cookie

    def _south(self) -> tuple[Sentry, Things]:
        """Its client has the name of North's."""
        self.randomness.mark = SOUTH
        farm = self.world.farm(f"South {SOUTH}", BOSS)
        rig = self._rig(farm, SOUTH, "Ann")
        return rig, self._things(farm, SOUTH, rig)

    def _things(self, farm: Farm, mark: str, rig: Sentry) -> Things:
        """Whatever else a farm can have, made by its owner."""
        self.randomness.mark = mark
        gone = self._rig(farm, mark, None)
        delete_agent(self.ports, farm.farm, gone.agent)
        wanted = InvitationRequest(Role.VIEWER, (f"{mark}-client",))
        made = invite_person(self.ports, farm.farm, farm.email, wanted)
        friend = member(self.world, farm, f"friend-{mark}@example.test", clients=(f"{mark}-client",))
        pools = [add_pool(self.ports, farm.farm, pool(f"{mark} pool {n}")).pool for n in (1, 2)]
        wallets = [add_wallet(self.ports, farm.farm, wallet(f"{mark} wallet {n}")).wallet for n in (1, 2)]
        add_software(self.ports, farm.farm, software("ownminer", f"{mark}-miner"))
        made_of = draft(pools[0], wallets[0], f"{mark} playbook")
        begun = begin_rollout(self.ports, farm.farm, f"{mark} rollout", (rig.machine,), Speed.AT_ONCE)
        return Things(
            rollout=begun.rollout,
            pool=pools[0],
            wallet=wallets[0],
            unused_pool=pools[1],
            unused_wallet=wallets[1],
            playbook=add_playbook(self.ports, farm.farm, made_of).playbook,
            machine=rig.machine,
            agent=rig.agent,
            edge=self._edge(farm, mark),
            binned=gone.agent,
            member=member_id(friend.email),
            invitation=made.invitation.invitation,
            token=_id_of(self._token(farm, mark, Role.OWNER)),
            session=sha256(friend.cookie),
        )

    def _edge(self, farm: Farm, mark: str) -> str:
        """An ASIC edge with a text of its own in what it tells, and one errand."""
        self.randomness.mark = mark
        edge = new_edge(self.world, farm, f"{mark} edge")
        errand = Search((f"{mark}-range",))
        give_errand(self.ports, farm.farm, edge.agent, errand)
        result = ErrandResult(1, ok=False, text=f"{mark} result", lines=(ErrandLine("1", "fault", mark),))
        found = [FoundDevice("192.0.2.9", name=f"{mark} found")]
        edge.tell(self.world, edge_state(1, results=[result], found=found, trouble=[f"{mark} trouble"]))
        return edge.agent

    def _token(self, farm: Farm, mark: str, role: Role) -> str:
        """The `Authorization` of a new API token."""
        person = authorise_person(self.ports, Proof(farm.cookie, farm=farm.farm), VIEW)
        made = create_api_token(self.ports, person, ApiTokenRequest(f"{mark} script", role, 30))
        return f"Bearer {made.secret}"

    def _rig(self, farm: Farm, mark: str, client: str | None) -> Sentry:
        """A rig with a text of its own in each field that has room for one."""
        self.randomness.mark = mark
        rig = self.world.sentry(farm, f"{mark} rig")
        self.world.enrol(rig)
        self.world.report(rig, _report(rig, mark))
        client = f"{mark} {client}" if client == "Bob" else client
        parking = Parking(ParkedFor.REPAIR, f"{mark} note")
        change = MachineChange(UNSET, f"{mark} row", (f"{mark}-tag",), client, parking)
        change_machine(self.ports, farm.farm, rig.machine, change, ALL)
        order = OrderRequest(Action.LOG, f"{mark}-miner")
        give_order(self.ports, farm.farm, rig.machine, order)
        watched = (WatchedProgram(f"{mark}-watched", "xmrig", 8080),)
        watch_programs(self.ports, farm.farm, rig.machine, watched)
        return rig

    def _actors(self, expired: str) -> dict[str, Actor]:
        self.randomness.mark = ANN
        signed_in = {name: member(self.world, self.north, *place) for name, place in _PEOPLE.items()}
        revoked, viewers, owners = self._tokens(signed_in["viewer"])
        south = self.account(BOSS) if self.south else None
        headers = {
            "nobody": {},
            "agent": {"authorization": self.rig.bearer},
            "owner": _cookie(self.north.cookie),
            **{name: _cookie(farm.cookie) for name, farm in signed_in.items()},
            "owner of South": _cookie(open_session(self.ports, south)) if south else {},
            "expired session": _cookie(expired),
            "revoked token": {"authorization": revoked},
            "viewer's token": {"authorization": viewers},
            "owner's token": {"authorization": owners},
        }
        emails = {name: farm.email for name, farm in signed_in.items()} | {"owner of South": BOSS}
        return {name: Actor(name, headers[name], emails.get(name, OWNER)) for name in SHOWN}

    def _tokens(self, viewer: Farm) -> tuple[str, str, str]:
        self.randomness.mark = WHOLE
        revoked = self._token(self.north, WHOLE, Role.OWNER)
        self.ports.store.write(Delete(keys.api_token(self.north.farm, _id_of(revoked))))
        return (
            revoked,
            self._token(viewer, WHOLE, Role.VIEWER),
            self._token(self.north, WHOLE, Role.OWNER),
        )


def _cookie(cookie: str) -> dict[str, str]:
    return {"cookie": f"{COOKIE}={cookie}"}


def _id_of(bearer: str) -> str:
    return Token(*bearer.removeprefix("Bearer ").split(".")).agent


def _report(rig: Sentry, mark: str) -> Report:
    """All that an agent can tell; what shows the farm's network has the mark of Ann's agent for her rig."""
    network = AGENT if mark == ANN else mark
    specs = Specs(
        hostname=f"{mark}-host",
        os=f"{mark} os",
        cpu_model=f"{mark} cpu",
        addresses=(f"{network}-address",),
        hardware=(f"{network}-card",),
        agent_version=f"{network}-version",
        devices=(Device(f"{mark}-gpu", f"{mark} card", uuid=f"{mark}-uuid"),),
    )
    series = {"cpu_load_pct": [5.0], f"gpu_power_w@{mark}-gpu": [100.0]}
    told = MachineReport(
        rig.machine,
        open=block([NOW - 5], series),
        blocks=(block([NOW - 7000, NOW - 6990], {"cpu_load_pct": [1.0, 2.0]}),),
        unread=(Unread("cpu_temperature_c", f"{mark} sensor"), Unread("addresses", f"{network} refused")),
        specs=specs,
        mining=(Mining(f"{mark}hash", 9.5, coin=mark.upper()),),
        programs=(Program(f"{mark}-miner", "xmrig", "running", reason=f"{mark}", pool=f"{mark}.pool:3333"),),
        events=(RigEvent(1, NOW - 20, "crash", f"{mark} crashed", program=f"{mark}-miner", subject=mark),),
        log=LogLines(1, f"{mark}-miner", (f"{mark} line one", f"{mark} line two")),
    )
    return Report(1, 1, NOW, 60, (told,))
