"""The audit log on every store: kept with each change, and tampering with it found."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import AuditEntry, AuditHead
from cloud.domain.records import Machine
from cloud.ports import Delete, Item, Ports, Put, Store, Write
from cloud.usecases.change_machine import change_machine
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.farm_store import FarmStore
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.list_audit import every_line, list_audit
from cloud.usecases.list_heads import list_heads
from cloud.usecases.verify_audit import Verdict, verify_log
from tests.fakes.ports import fake_ports
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock
from tests.fakes.world import ALL
from wire.live import MachineChange
from wire.messages import AgentKind

FARM, LENGTH = "farm_1", 6


@pytest.fixture
def ports(store: Store, clock: FakeClock) -> Ports:
    return fake_ports(store=store, clock=clock)


def _write(ports: Ports, count: int = LENGTH) -> None:
    for number in range(count):
        assert commit_audited(ports, FARM, Act("change_machine", f"machine m{number}", number, "é"), [])


def _line(ports: Ports, number: int) -> Item:
    item = ports.store.get(keys.audit_line(FARM, number))
    assert item is not None
    return item


def _fault(ports: Ports, noted: dict[int, str] | None = None) -> str | None:
    return verify_log(ports.store, FARM, noted or {}, lambda _: None).fault


def _put(ports: Ports, number: int, body: bytes) -> None:
    ports.store.write(Put(Item(keys.audit_line(FARM, number), "auditentry", body)))


def test_a_log_is_listed_verified_and_noted(ports: Ports) -> None:
    _write(ports)
    assert [line.number for line in list_audit(ports, FARM, None, 4).lines] == [6, 5, 4, 3]
    assert [line.number for line in every_line(ports.store, FARM)] == [1, 2, 3, 4, 5, 6]
    assert verify_log(ports.store, FARM, {6: _line(ports, 6).read(AuditEntry).sha256}) == Verdict(
        FARM, 6, None
    )


def test_each_way_of_tampering_is_found_and_the_line_named(ports: Ports) -> None:
    _write(ports)
    bodies = {number: _line(ports, number).body for number in range(1, LENGTH + 1)}
    _put(ports, 3, bodies[3].replace("é".encode(), b"e"))
    assert _fault(ports) == "line 3 was changed"
    ports.store.write(Delete(keys.audit_line(FARM, 3)))
    assert _fault(ports) == "line 3 is missing"
    _put(ports, 3, bodies[4])
    _put(ports, 4, bodies[3])
    assert _fault(ports) == "line 3 was changed: it says that it is line 4"
    _put(ports, 3, bodies[3])
    _put(ports, 4, bodies[4])
    assert _fault(ports) is None
    _put(ports, 7, bodies[6])
    assert _fault(ports) == "line 7 was changed: it says that it is line 6"
    ports.store.write(Delete(keys.audit_line(FARM, 7)))
    ports.store.write(Delete(keys.audit_line(FARM, 6)))
    assert _fault(ports) == "line 6 is missing: the log ended with line 6"
    head = AuditHead(5, _line(ports, 5).read(AuditEntry).sha256)
    ports.store.write(Put(Item.of(keys.audit_head(FARM), head, revision=9)))
    assert _fault(ports) is None
    assert _fault(ports, {6: "the digest"}) == "line 6 is missing: line 6 was noted"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_done_to_lines_and_head_is_found(
    store: Store, clock: FakeClock, data: st.DataObject
) -> None:
    """All but putting things back as they were, which is nothing to find."""
    ports, before = fake_ports(store=store, clock=clock), _whole_log(clock)
    for key in _places():
        store.write(Delete(key) if key not in before else Put(before[key]))
    for _ in range(data.draw(st.integers(1, 4))):
        _tamper(ports, list(before.values()), data)
    noted = {LENGTH: before[keys.audit_line(FARM, LENGTH)].read(AuditEntry).sha256}
    after = store.get_many(_places())
    same = {key: _told(item) for key, item in after.items()} == {
        key: _told(item) for key, item in before.items()
    }
    assert (_fault(ports, noted) is None) == same


def _told(item: Item) -> object:
    """What the last line says in place of the head is what the head said."""
    if item.key != keys.audit_head(FARM):
        return item.body
    try:
        return item.read(AuditHead)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return item.body


def _places() -> list[keys.Key]:
    """Where lines and head are, and where some more could be put."""
    return [keys.audit_head(FARM), *(keys.audit_line(FARM, number) for number in range(1, LENGTH + 3))]


def _whole_log(clock: FakeClock) -> dict[keys.Key, Item]:
    """As every store keeps it; here it is soonest made."""
    memory = MemoryStore(clock)
    _write(fake_ports(store=memory, clock=clock))
    return memory.items


def _tamper(ports: Ports, before: list[Item], data: st.DataObject) -> None:
    """One item is deleted, damaged in one byte, or written over with another; or one is added."""
    key = data.draw(st.sampled_from(_places()))
    item = ports.store.get(key)
    body = data.draw(st.sampled_from(before)).body
    way = data.draw(st.sampled_from(["delete", "damage", "replace"]))
    if way == "delete":
        ports.store.write(Delete(key))
        return
    if way == "damage" and item is not None:
        place = data.draw(st.integers(0, len(item.body) - 1))
        body = item.body[:place] + data.draw(st.binary(min_size=1, max_size=1)) + item.body[place + 1 :]
    ports.store.write(Put(replace(item or Item(key, "auditentry", b""), body=body)))


class OneAtATime(FarmStore):
    """Moto loses its way when two threads write to it; between calls they still get in one another's."""

    def __init__(self, store: Store, farm: str) -> None:
        super().__init__(store, farm)
        self._lock = threading.Lock()

    def commit(self, writes: Sequence[Write]) -> bool:
        with self._lock:
            return super().commit(writes)


def test_eight_people_change_eight_machines_at_once(ports: Ports) -> None:
    farm = create_owner(ports, "owner@example.test", "a good password", "North")
    made = [create_agent(ports, farm, f"rig-{number}", AgentKind.CPU_GPU) for number in range(8)]
    machines = [each.agent.machine or "" for each in made]
    ports = replace(ports, store=OneAtATime(ports.store, farm))
    with ThreadPoolExecutor(8) as pool:
        done = [
            pool.submit(change_machine, ports, farm, each, MachineChange("new"), ALL) for each in machines
        ]
        assert [each.result() for each in done] == [None] * 8
    items = ports.store.get_many([keys.machine(farm, each) for each in machines])
    assert [item.read(Machine).name for item in items.values()] == ["new"] * 8
    assert verify_log(ports.store, farm, {}) == Verdict(farm, 17, None)


def test_a_store_of_an_older_program_begins_with_line_one(ports: Ports) -> None:
    farm = create_owner(ports, "owner@example.test", "a good password", "North")
    for key in (keys.audit_line(farm, 1), keys.audit_head(farm)):
        ports.store.write(Delete(key))
    assert verify_log(ports.store, farm, {}) == Verdict(farm, 0, None)
    create_agent(ports, farm, "rig-1", AgentKind.CPU_GPU)
    assert verify_log(ports.store, farm, {}) == Verdict(farm, 1, None)
    assert [head.number for head in list_heads(ports.store) if head.farm == farm] == [1]
