"""What is stored can be read again, old bodies and those of newer programs included."""

from __future__ import annotations

import importlib
import pkgutil
from typing import get_args

import msgspec
import pytest
from msgspec import Raw

from cloud import domain
from cloud.domain import (
    asic_records,
    audit,
    letters,
    people,
    playbooks,
    records,
    rig_work,
    rollouts,
    signing,
    tries,
)
from cloud.domain.keys import Key
from cloud.domain.records import Agent, Arrival, Latest, Machine, PackedRecord, Record
from cloud.ports import Item
from tests.fakes.reports import SPECS, block, report
from wire import edge, templates
from wire.assignments import Archive, SignedHandover, System
from wire.live import FarmSettings, Labels, Parked, ParkedFor, Stranger, Transition
from wire.messages import (
    Action,
    AgentKind,
    EventLevel,
    HashrateUnit,
    Mining,
    Order,
    Program,
    Unread,
    WatchedProgram,
)
from wire.people import Role
from wire.templates import RolloutState

LABELS = Labels("row 7", ("quiet", "new"), "Ann", Parked(ParkedFor.REPAIR, 2.0, "fan"))
MACHINE = Machine("m", "rig", AgentKind.CPU_GPU, "a", 1.0, True, LABELS)
ORDER = Order(7, Action.PAUSE, "p", 600.0, True, 50)
PROGRAM = Program("p", "xmrig", "running", False, "asked", "6.22.2", 90.6, 12, None, "pool.test:3333", True)
STATE = records.ProgramState(
    "p", "xmrig", "running", False, "asked", "6.22.2", 91, 12, None, "pool.test:3333", True
)
SEATS = {"f": people.Membership(Role.OPERATOR, ("Ann", "Ünal"), 3.0)}
ARCHIVE = Archive("https://downloads.test/x.tar.gz", "0" * 64, "tar.gz", "x/miner")
DRAFT = templates.PlaybookDraft(
    "cpu", "xmrig", "6.26.0", (templates.PoolChoice("p", "w"),), {System.LINUX: "./xmrig\n"}
)
POOL = templates.PoolRequest("pool", "pool.test:3333", True, "XMR")
WALLET = templates.WalletRequest("wallet", "XMR", "44AF")
RESOLVED = playbooks.ResolvedPool.of(POOL, WALLET)
VERSION = templates.PlaybookVersion(2, DRAFT, ("pool.test:3333",), ("44AF",), 1.0, "ann", "made")
WISH = rig_work.Wish("set", {"cpu": 2}, "r")
STORED_POOL = playbooks.StoredPool(POOL, 1.0, "ann")
STORED_WALLET = playbooks.StoredWallet(WALLET, templates.Checked.VALID, 1.0, "ann")
HEAD = playbooks.Head("cpu", 2, "xmrig", "6.26.0", ("p",), ("w",))
PLAYBOOKS: list[Record] = [
    STORED_POOL,
    STORED_WALLET,
    HEAD,
    playbooks.Book({"p": STORED_POOL}, {"w": STORED_WALLET}, (), {"cpu": HEAD}),
    RESOLVED,
    playbooks.StoredVersion("cpu", VERSION, (RESOLVED,), {System.LINUX: ARCHIVE}),
    WISH,
    rig_work.WorkerName("m"),
    rig_work.Work("m", "rig-1", {"cpu": 2}, {"cpu": 42_000}, 1, 7, 1.5, {"r": {"cpu": 1}}),
    rollouts.RolloutRigs(("m", "n")),
    rollouts.StoredRollout(
        "r", "what", WISH, RolloutState.REST, 1.0, "ann", 5, 1.0, 3, "m", refused=(("n", "why"),)
    ),
    signing.Handovers((SignedHandover(b"handover", b"s" * 64),)),
    records.DocumentMark(1, 7, 2.0),
]
ASICS: list[Record] = [
    records.WaitingErrand(3, 1.0),
    asic_records.KeptSeat("m", True, 1.5, ("AA:BB:CC:00:11:22",), "00ff", "11ee", "x\n7", 2.5),
    asic_records.Seats({7: asic_records.KeptSeat("m", False, 1.5, (), "00ff", "")}),
    asic_records.Evidence("m"),
    asic_records.BinnedMachine(MACHINE, 1.0, ("AA:BB:CC:00:11:22",), "x\n7", "11ee", 2.0),
    asic_records.AsicRow("m", 1.0, {10: 3250.0, 25: None}, b"open", (), edge.NoReply("is off", 1.0, 2)),
    asic_records.LatestBatch("a", 3, 1.0, 60.0, asic_records.pack_rows([]), True, 4, -0.5),
    asic_records.StoredAppliance(edge.Appliance((edge.Pool(0, "pool.test:3333"),), login=edge.Login.WORKS)),
    asic_records.StoredEdge(1.0, 60.0, False, b"\x00packed\xff"),
    asic_records.StoredFound(b"\x00packed\xff"),
    asic_records.StoredErrand(3, "search", 1.0, b"\x00packed\xff", b"packed"),
]
PEOPLE: list[Record] = [
    people.Membership(Role.OWNER),
    people.Person("a@b.test", "f", "hash", 1.0),
    people.Person(
        "a@b.test", "", "", 1.0, 2, SEATS, True, ("https://id.test", "7"), "SECRET", "OTHER", 59, ("00ff",)
    ),
    people.Session("a@b.test", 1.0, 2, "192.0.2.1", "A browser", 3.0),
    people.Ticket("f", "a@b.test", "s"),
    people.Connection("f", "c", "a@b.test", "s", ("Ann",)),
    people.Members(SEATS),
    people.Invitation("i", "b@b.test", Role.VIEWER, ("Ann",), "a@b.test", 1.0, 2.0),
    people.InvitationLink("f", "i", True),
    people.ApiToken("t", "prices", "a@b.test", "00ff", Role.OWNER, None, 1.0, 2.0),
    people.AuditEntry(
        7,
        1.5,
        "a@b.test",
        "192.0.2.1",
        "change_machine",
        "machine m",
        Raw(b'{"a":1}'),
        Raw(b"null"),
        "0",
        "1",
    ),
    people.AuditHead(7, "00ff"),
    audit.NotedHead(None, 7, "00ff"),
    people.ProviderTrip("00ff"),
    people.IdentityLink("a@b.test"),
    letters.LetterOrder(letters.LetterKind.INVITATION, "b@b.test", "f", "i", 1.0, 2, 3.0),
    letters.Reset("a@b.test", 2),
    tries.Tries(3, 1.5),
]
ALL: list[Record] = [
    records.Farm("f", "North", 1.0),
    records.FarmEntry("f"),
    records.Cadence(FarmSettings(360, 500, 900.5), 12.5, {"m": 13.5}),
    *PEOPLE,
    Agent(
        "a",
        "rig",
        AgentKind.ASIC,
        "00ff",
        None,
        1.0,
        True,
        3,
        2.0,
        "1.2.3",
        ("aa:bb", "S/N 1"),
        Stranger("twin", 3.5),
        4.0,
        5.0,
        2,
        (records.WaitingOrder(ORDER, 6.0),),
        7,
        (WatchedProgram("p", "xmrig", 18088),),
    ),
    records.WaitingOrder(ORDER, 6.0),
    MACHINE,
    records.Binned("a", "rig", MACHINE, 4.0),
    records.Silence(Transition.STOPPED, 2.5, True),
    records.Standing({"m": records.Silence(Transition.OFFLINE, 2.5)}),
    records.Event(1.5, "m", Transition.ONLINE),
    records.Event(1.5, "m", None, "crash_loop", "why", EventLevel.ALERT, "p", "gpu-1", True),
    records.ToldEvent(),
    records.StoredLog(3, 2.0, ("a", "\x1b[31m")),
    records.Mined("RandomX", None, "H/s", "XMR"),
    Latest(
        "m",
        1.0,
        2.0,
        60,
        {1: None, 8: 2**62},
        b"\x00packed\xff",
        True,
        7,
        -0.5,
        (records.Mined("Equihash", 31.5, "Sol/s", None),),
        (STATE,),
    ),
    records.ClosedBlock(1.0, 2.0, b"\x00packed\xff"),
    STATE,
    records.Rollup(3600, b"\x00packed\xff", (600,), True),
    records.Rollup(3600, {0: {1: (3, 0.5)}, 600: {8: (2, 10, 1, 4200.0, 11, 4210.0)}}, (600,)),
    Arrival("f", 1.0, True, report("m", specs=SPECS, unread=[Unread("gpu", "no driver")])),
    records.StoredSpecs(SPECS),
    records.StoredUnread((Unread("gpu", "no driver"),)),
    records.Outage(1.0, 2.0),
    records.Beat(3.0, (records.Outage(1.0, 2.0),)),
    *ASICS,
    *PLAYBOOKS,
]


@pytest.mark.parametrize("record", ALL, ids=lambda record: type(record).__name__)
def test_record_is_read_as_it_was_written(record: Record) -> None:
    item = Item.of(Key("pk", "sk"), record)
    assert item.read(type(record)) == record
    assert item.kind == type(record).__name__.lower()


def _kinds() -> list[type[Record]]:
    for module in pkgutil.iter_modules(domain.__path__, f"{domain.__name__}."):
        importlib.import_module(module.name)
    return [*{*Record.__subclasses__()} - {PackedRecord}, *PackedRecord.__subclasses__()]


def test_every_kind_of_record_is_tried_above() -> None:
    assert {type(record) for record in ALL} == set(_kinds())


def test_arrival_is_read_from_the_queue_as_it_was_sent() -> None:
    sent = Arrival("f", 1.0, True, report("m", blocks=[block([1.0])], specs=SPECS), 60, "agent")
    assert records.decode_arrival(records.encode_arrival(sent)) == sent


def test_revisions_of_arrivals_order_them_by_epoch_and_sequence() -> None:
    told = [(1, 0), (1, 7), (2, 1), (2, 2**40 - 1), (2**22 - 1, 0)]
    sent = [report("m", epoch=epoch, sequence=sequence) for epoch, sequence in told]
    revisions = [Arrival("f", 1.0, False, each).revision for each in sent]
    assert revisions == sorted(set(revisions))
    assert revisions[-1] < 2**63


@pytest.mark.parametrize("message", ["", "x", "AAAA", "é", "eJwDAAAAAAE=", "{}"])
def test_what_is_no_arrival_is_a_value_error(message: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        records.decode_arrival(message)


def test_packed_body_is_an_array_and_what_it_lacks_at_its_end_has_defaults() -> None:
    body = msgspec.msgpack.encode(["m", 1.0, 2.0, 60, {1: 5.0}, b"open"])
    latest = Item(Key("pk", "sk"), "latest", body).read(Latest)
    assert latest == Latest("m", 1.0, 2.0, 60, {1: 5.0}, b"open", False, 0, None, (), ())


def test_what_is_mined_is_kept_as_it_was_told() -> None:
    told = Mining("Equihash", 31.5, "Sol/s", "ZEC")
    assert records.Mined.of(told) == records.Mined("Equihash", 31.5, "Sol/s", "ZEC")
    assert records.Mined.of(Mining("RandomX", None)) == records.Mined("RandomX", None, "H/s", None)


@pytest.mark.parametrize("unit", get_args(HashrateUnit))
def test_hashrates_of_every_unit_are_kept(unit: HashrateUnit) -> None:
    row = records.Mined.of(Mining("any", 1.0, unit))
    assert Item.of(Key("pk", "sk"), row).read(records.Mined).unit == unit


def test_state_of_a_program_is_kept_as_it_was_told() -> None:
    assert records.ProgramState.of(PROGRAM) == STATE
    assert STATE.told() == msgspec.structs.replace(PROGRAM, running_s=91)
    bare = Program("p", "xmrig", "stopped")
    assert records.ProgramState.of(bare).told() == bare
    assert records.ProgramState.__struct_fields__ == Program.__struct_fields__


def test_packed_body_of_a_newer_program_is_read() -> None:
    body = msgspec.msgpack.encode([1.0, 2.0, b"packed", "new", {"more": 1}])
    item = Item(Key("pk", "sk"), "closedblock", body)
    assert item.read(records.ClosedBlock) == records.ClosedBlock(1.0, 2.0, b"packed")


def test_kinds_differ_when_written_small() -> None:
    names = [kind.__name__.lower() for kind in _kinds()]
    assert len(set(names)) == len(names)


def test_body_of_an_older_program_is_read() -> None:
    body = b'{"agent":"a","name":"rig","kind":"cpu_gpu","secret_sha256":"0","machine":"m","created_at":1}'
    agent = msgspec.json.decode(body, type=Agent)
    assert agent == Agent("a", "rig", AgentKind.CPU_GPU, "0", "m", 1.0, False, 0, None, None, ())


def test_event_of_an_older_program_is_read() -> None:
    event = msgspec.json.decode(b'{"at":1.5,"machine":"m","state":"offline"}', type=records.Event)
    assert event == records.Event(1.5, "m", Transition.OFFLINE)


def test_body_of_a_newer_program_is_read() -> None:
    body = b'{"farm":"f","name":"North","created_at":1,"colour":"red"}'
    assert msgspec.json.decode(body, type=records.Farm) == records.Farm("f", "North", 1.0)
