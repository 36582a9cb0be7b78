"""A farm in which each text that others may write is hostile, put into the store past what refuses it."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.packing import pack
from cloud.domain.people import ApiToken, Invitation, InvitationLink, Members, Membership, Person, Session
from cloud.domain.policy import DAY_S
from cloud.domain.principals import Actor
from cloud.domain.records import (
    Agent,
    Binned,
    Event,
    Farm,
    Latest,
    Machine,
    Mined,
    ProgramState,
    Record,
    StoredLog,
    StoredSpecs,
    StoredUnread,
)
from cloud.domain.tokens import sha256
from cloud.ports import Item, Ports, Put
from cloud.usecases.create_owner import create_owner
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.open_session import Origin, open_session
from cloud.usecases.store_events import event_writes
from tests.system.hostile_edge import put_edge
from tests.system.hostile_playbooks import put_playbooks
from wire.live import Labels, Parked, ParkedFor, Stranger
from wire.messages import (
    Action,
    AgentKind,
    Block,
    Device,
    EventLevel,
    Series,
    Specs,
    Unread,
    WatchedProgram,
)
from wire.metrics import BY_NAME
from wire.people import Role

ME = '"><svg/onload=window.ran=1>{{7*7}}@evil.example'
"""Who looks at it all; an address that the commander accepts."""
INVITATION = "i" * 43
SHORT, MIDDLE, LONG = 64, 200, 12_000
_BAD = (
    '<img src=x onerror="window.ran=1">',
    "<script>window.ran=1</script>",
    '"><svg onload=window.ran=1>',
    "' onclick='window.ran=1",
    "javascript:window.ran=1",
    "{{window.ran=1}}${window.ran=1}",
    "\u202edrawkcab",
    "zero\u200bwidth\ufeff",
    "nul\0",
    "lines\r\n\u2028\ttab",
    "W" * 10_000,
)


def hostile(what: str, most: int = LONG) -> str:
    """A text that tries everything, begins with `what` it is, and has at most so many letters."""
    return f"[{what}] {' '.join(_BAD)}"[:most]


class HostileFarm:
    """`ME` owns it, and is a viewer of one client in another farm with as bad a name."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self._now = time.time()
        self.farm = create_owner(ports, ME, "a good password", "farm")
        self.other_farm = create_owner(ports, "owner@other.example", "a good password", "other")
        self.cookie = self._account()
        self.viewer_cookie = self._viewer()
        self.machine = self._rig("machine", self._rig_labels())
        self.parked = self._rig("parked", self._parked_labels())
        put_edge(ports, self.farm, partial(hostile, most=MIDDLE))
        put_playbooks(ports, self.farm, self.machine, partial(hostile, most=SHORT))
        for write in (self._report, self._tell, self._agents, self._people, self._note):
            write()

    def answer_log(self) -> bool:
        """The rig sends its last lines, if they were asked for."""
        item = self.ports.store.get(keys.agent(self.farm, "agent-machine"))
        assert item is not None
        agent = item.read(Agent)
        asked = [each.order for each in agent.orders if each.order.action is Action.LOG]
        if not asked:
            return False
        log = StoredLog(asked[-1].number, time.time(), ("\0\x1b[31mred", hostile("log line")))
        self._put(keys.log(self.farm, self.machine, "gpus"), log)
        self._put(item.key, msgspec.structs.replace(agent, orders=()), item.revision + 1)
        self._report_again()
        return True

    def _report_again(self) -> None:
        item = self.ports.store.get(keys.latest(self.farm, self.machine))
        assert item is not None
        latest = msgspec.structs.replace(item.read(Latest), received_at=time.time())
        newer = Item.of(item.key, latest, revision=item.revision + 1, watched=True)
        assert self.ports.store.write(Put(newer))

    def _put(self, key: keys.Key, record: Record, revision: int = 1) -> None:
        assert self.ports.store.write(Put(Item.of(key, record, revision=revision)))

    def _account(self) -> str:
        for farm, name in ((self.farm, "farm"), (self.other_farm, "other farm")):
            self._put(keys.farm(farm), Farm(farm, hostile(name), self._now))
        item = self.ports.store.get(keys.person(ME))
        assert item is not None
        viewer = Membership(Role.VIEWER, (hostile("seat client"),), self._now)
        person = item.read(Person)
        farms = {**person.farms, self.other_farm: viewer}
        person = msgspec.structs.replace(
            person, farms=farms, identity=("https://login.example", hostile("subject"))
        )
        self._put(item.key, person, item.revision + 1)
        session = Session(ME, self._now, 0, hostile("session address"), hostile("session browser"), self._now)
        self._put(keys.session(ME, sha256("another")), session)
        return open_session(self.ports, person, Origin("192.0.2.1", "a browser"))

    def _viewer(self) -> str:
        """Somebody who belongs to the other farm alone, as a viewer of one client."""
        place = Membership(Role.VIEWER, (hostile("seat client"),), self._now)
        person = Person("viewer@other.example", "", "", self._now, farms={self.other_farm: place})
        self._put(keys.person(person.email), person)
        return open_session(self.ports, person)

    def _rig(self, what: str, labels: Labels) -> str:
        """The id of a machine of which a report came just now."""
        machine, agent, name = f"machine-{what}", f"agent-{what}", hostile(f"{what} name")
        record = Machine(machine, name, AgentKind.CPU_GPU, agent, self._now, labels=labels)
        self._put(keys.machine(self.farm, machine), record)
        self._put(
            keys.agent(self.farm, agent),
            Agent(agent, name, AgentKind.CPU_GPU, "0" * 64, machine, self._now, enrolled_at=self._now),
        )
        self._put(keys.latest(self.farm, machine), self._latest(machine))
        return machine

    def _rig_labels(self) -> Labels:
        return Labels(hostile("place"), (hostile("tag"), "plain"), hostile("client"))

    def _parked_labels(self) -> Labels:
        return Labels(parked=Parked(ParkedFor.SPARE, self._now - 600, hostile("note")))

    def _latest(self, machine: str, programs: tuple[ProgramState, ...] = ()) -> Latest:
        values = {"gpu_temperature_c@gpu-a": 61.0, f"gpu_temperature_c@{hostile('device', SHORT)}": 71.0}
        values[f"hashrate@{hostile('algorithm', SHORT)}"] = 2e6
        series = [Series("power_w", (100.0, 110.0))]
        for name, value in values.items():
            metric, _, subject = name.partition("@")
            series.append(Series(metric, (value, value + 1), subject))
        return Latest(
            machine=machine,
            sampled_at=self._now,
            received_at=self._now,
            interval_s=600,
            values={BY_NAME["power_w"].code: 110.0},
            open=pack(Block((self._now - 60, self._now), tuple(series))),
            mining=(
                Mined(hostile("algorithm", SHORT), 2e6, "H/s", hostile("coin")),
                Mined(hostile("second algorithm"), 1e6, "H/s", None),
            ),
            programs=programs,
        )

    def _report(self) -> None:
        counts = (60, 99, 1, hostile("pool"), True)
        bad = ProgramState(
            hostile("program", SHORT),
            hostile("miner"),
            hostile("state"),
            False,
            hostile("why"),
            hostile("version"),
            *counts,
        )
        ours = ProgramState("gpus", "t-rex", "refused", True, hostile("refusal"), hostile("0.1"), *counts)
        latest = self._latest(self.machine, (ours, bad))
        self._put(keys.latest(self.farm, self.machine), latest, revision=2)
        self._put(keys.specs(self.farm, self.machine), StoredSpecs(_specs()))
        unread = Unread(hostile("unread part", 130), hostile("unread reason", MIDDLE))
        of_card = Unread("gpu_fan_pct@gpu-a", hostile("fan reason", MIDDLE))
        self._put(keys.unread(self.farm, self.machine), StoredUnread((unread, of_card)))

    def _tell(self) -> None:
        told = Event(
            self._now,
            self.machine,
            kind=hostile("event kind"),
            reason=hostile("event reason"),
            level=EventLevel.ALERT,
            program=hostile("event program"),
            subject=hostile("event subject"),
        )
        self.ports.store.commit(event_writes(self.ports, self.farm, told, "1"))

    def _agents(self) -> None:
        key = keys.agent(self.farm, "agent-machine")
        item = self.ports.store.get(key)
        assert item is not None
        watched = (WatchedProgram("theirs", hostile("watched miner", SHORT), 4067),)
        agent = msgspec.structs.replace(
            item.read(Agent),
            agent_version=hostile("agent version", MIDDLE),
            stranger=Stranger(hostile("stranger", MIDDLE), self._now),
            watched=watched,
        )
        self._put(key, agent, 2)
        gone = Agent(
            "agent-gone", hostile("binned"), AgentKind.ASIC, "0" * 64, None, self._now, binned_at=self._now
        )
        self._put(keys.agent(self.farm, gone.agent), gone)
        self._put(keys.binned(self.farm, gone.agent), Binned(gone.agent, gone.name, None, self._now))

    def _people(self) -> None:
        owner = Membership(Role.OWNER, None, self._now)
        member = Membership(Role.OPERATOR, (hostile("member client"),), self._now)
        inviter = hostile("inviter")
        members = {ME: owner, hostile("member"): member, inviter: owner}
        self._put(keys.members(self.farm), Members(members), 2)
        until = self._now + DAY_S
        invitation = Invitation(
            "invitation-1",
            hostile("invited"),
            Role.VIEWER,
            (hostile("invited client"),),
            inviter,
            self._now,
            until,
        )
        self._put(keys.invitation(self.farm, "invitation-1"), invitation)
        self._put(keys.invitation_link(sha256(INVITATION)), InvitationLink(self.farm, "invitation-1"))
        token = ApiToken(
            "apitoken-1", hostile("api token"), hostile("member"), "0" * 64, Role.VIEWER,
            (hostile("token client"),), self._now, until,
        )  # fmt: skip
        self._put(keys.api_token(self.farm, "apitoken-1"), token)

    def _note(self) -> None:
        actor = Actor(hostile("actor", MIDDLE), hostile("actor address", MIDDLE))
        before = {hostile("field", MIDDLE): hostile("before", MIDDLE)}
        after = {hostile("field", MIDDLE): [hostile("after", MIDDLE)], "name": hostile("thing name", MIDDLE)}
        act = Act("change_machine", hostile("thing", MIDDLE), before, after)
        assert commit_audited(replace(self.ports, actor=actor), self.farm, act, [])


def _specs() -> Specs:
    def text(what: str) -> str:
        return hostile(what, MIDDLE)

    card = Device(
        "gpu-a",
        name=text("card"),
        vendor="nvidia",
        address=text("slot"),
        uuid=text("uuid"),
        vbios=text("vbios"),
        driver=text("driver"),
    )
    return Specs(
        hostname=text("host name"),
        os=text("os"),
        architecture=text("architecture"),
        cpu_model=text("cpu"),
        addresses=(text("host address"),),
        agent_version=text("sentry version"),
        hardware=(text("hardware"),),
        devices=(card,),
    )
