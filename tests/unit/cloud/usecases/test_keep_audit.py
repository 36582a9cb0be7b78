"""A change and its line are kept together or not at all, however many change the farm at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import msgspec
import pytest

from cloud.domain import keys
from cloud.domain.audit import Act, BrokenLog, check_end, follow
from cloud.domain.people import AuditEntry, AuditHead
from cloud.domain.principals import Actor
from cloud.domain.records import Agent, FarmEntry
from cloud.ports import Absent, AtRevision, Item, Put, StoreBusy, StoreUnavailable, every
from cloud.usecases.keep_audit import commit_audited, commit_of_agent, note_account
from tests.fakes.reports import NOW
from tests.fakes.world import World
from wire.messages import AgentKind

FARM = "farm_1"


def _put(number: int) -> Put:
    return Put(Item.of(keys.agent(FARM, f"a{number}"), FarmEntry(FARM)), Absent())


def _lines(world: World) -> list[AuditEntry]:
    found = every(world.store, keys.audit_pk(FARM), keys.AUDIT_PREFIX, keys.AUDIT_PREFIX + "~")
    return [item.read(AuditEntry) for item in found]


def _holds(world: World) -> bool:
    """Whether the log of the farm is whole, from its first line to its head."""
    known = AuditHead()
    try:
        for line in _lines(world):
            body = world.store.items[keys.audit_line(FARM, line.number)].body
            known = follow(FARM, known, line.number, body)
        check_end(known, world.store.items[keys.audit_head(FARM)].read(AuditHead))
    except BrokenLog:
        return False
    return True


def _act(number: int) -> Act:
    return Act("create_agent", f"agent a{number}", None, {"number": number})


def _do(world: World, number: int) -> bool:
    return commit_audited(world.ports, FARM, _act(number), [_put(number)], lambda _: None)


def test_a_change_is_one_line_by_whoever_did_it(world: World) -> None:
    ports = replace(world.ports, actor=Actor("a@b.test", "192.0.2.1"))
    assert commit_audited(ports, FARM, _act(1), [_put(1)])
    (line,) = _lines(world)
    assert (line.number, line.at, line.by, line.address) == (1, NOW, "a@b.test", "192.0.2.1")
    assert (line.action, line.thing, bytes(line.after)) == ("create_agent", "agent a1", b'{"number":1}')
    assert keys.agent(FARM, "a1") in world.store.items


def test_lines_form_a_chain_that_ends_in_the_head(world: World) -> None:
    assert [_do(world, number) for number in range(4)] == [True] * 4
    lines = _lines(world)
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert _holds(world)


@pytest.mark.parametrize("begun", [False, True])
def test_a_condition_that_does_not_hold_changes_nothing_and_is_not_tried_again(
    world: World, begun: bool
) -> None:
    world.store.write(_put(1))
    if begun:
        _do(world, 0)
    before = dict(world.store.items)
    world.store.calls.clear()
    assert not _do(world, 1)
    assert world.store.items == before
    assert world.store.verbs.count("commit") == 1


@pytest.mark.parametrize("begun", [False, True])
def test_another_line_that_comes_first_is_followed(world: World, begun: bool) -> None:
    if begun:
        _do(world, 0)
    world.store.interruptions = [lambda: _do(world, 1)]
    assert _do(world, 2)
    lines = _lines(world)
    assert [line.thing for line in lines][-2:] == ["agent a1", "agent a2"]
    assert _holds(world)


def test_a_condition_that_fails_because_of_the_other_line_is_a_refusal(world: World) -> None:
    world.store.interruptions = [lambda: _do(world, 1)]
    assert not _do(world, 1)
    assert [line.thing for line in _lines(world)] == ["agent a1"]


def test_a_farm_that_is_changed_without_end_is_busy_after_some_tries(world: World) -> None:
    numbers, pauses = iter(range(1000)), list[float]()

    def interrupt() -> None:
        # The other's own write takes the first of these two.
        world.store.interruptions[:] = [lambda: None, interrupt]
        _do(world, next(numbers))

    world.store.interruptions = [interrupt]
    with pytest.raises(StoreUnavailable):
        commit_audited(world.ports, FARM, _act(2000), [_put(2000)], pauses.append)
    assert keys.agent(FARM, "a2000") not in world.store.items
    assert 5 <= len(pauses) < 100
    assert max(pauses) < 5


def test_eight_at_once_lose_no_line(world: World) -> None:
    def until_it_is_kept(number: int) -> None:
        while True:
            try:
                assert _do(world, number)
            except StoreUnavailable:
                continue
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(until_it_is_kept, range(100)))
    lines = _lines(world)
    assert sorted(line.thing for line in lines) == sorted(f"agent a{number}" for number in range(100))
    assert _holds(world)


def test_a_line_is_never_written_over(world: World) -> None:
    """Even by a head that was put back."""
    _do(world, 1)
    kept = world.store.items[keys.audit_head(FARM)]
    _do(world, 2)
    world.store.items[keys.audit_head(FARM)] = kept
    before = dict(world.store.items)
    with pytest.raises(StoreUnavailable, match="verify-audit"):
        _do(world, 3)
    assert world.store.items == before


def test_a_line_that_comes_between_two_reads_is_not_taken_for_one_behind_the_end(world: World) -> None:
    world.store.write(_put(1))
    reads, get = list[keys.Key](), world.store.get

    def get_slowly(key: keys.Key) -> Item | None:
        reads.append(key)
        if len(reads) == 2:
            assert _do(world, 2)
        return get(key)

    world.store.get = get_slowly  # type: ignore[method-assign]
    assert not _do(world, 1)
    assert [line.thing for line in _lines(world)] == ["agent a2"]


def test_a_store_that_fails_keeps_neither(world: World) -> None:
    world.store.failures = [None, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        _do(world, 1)
    assert world.store.items == {}


def test_a_write_of_a_revision_is_kept_with_its_line(world: World) -> None:
    _do(world, 1)
    again = Item.of(keys.agent(FARM, "a1"), FarmEntry("other"), revision=2)
    assert commit_audited(world.ports, FARM, _act(2), [Put(again, AtRevision(1))])
    assert not commit_audited(world.ports, FARM, _act(3), [Put(again, AtRevision(1))])
    assert [line.number for line in _lines(world)] == [1, 2]


def test_what_concerns_no_farm_is_in_the_commanders_own_log(world: World) -> None:
    act = Act("sign_in", "account a@b.test")
    named = replace(world.ports, actor=Actor("a@b.test", "192.0.2.1"))
    assert note_account(named, act)
    assert note_account(replace(world.ports, actor=Actor("", "192.0.2.2")), act, [_put(1)], who="b@b.test")
    assert not note_account(named, act, [_put(1)])
    found = [
        item.read(AuditEntry) for key, item in sorted(world.store.items.items()) if item.kind == "auditentry"
    ]
    assert [(line.by, line.address) for line in found] == [
        ("a@b.test", "192.0.2.1"),
        ("b@b.test", "192.0.2.2"),
    ]
    assert {key.pk for key in world.store.items} == {"commander#audit", keys.farm_pk(FARM)}


def test_a_store_that_is_busy_with_another_line_is_asked_again(world: World) -> None:
    world.store.failures = [None, StoreBusy("two at once")]
    assert _do(world, 1)
    assert _holds(world)


def test_simulated_rigs_of_the_commander_itself_are_no_lines(world: World) -> None:
    agent = Agent("a1", "rig", AgentKind.CPU_GPU, "00ff", "m", NOW, simulated=True)
    by_somebody = replace(world.ports, actor=Actor("a@b.test"))
    assert commit_of_agent(world.ports, FARM, agent, _act(1), [_put(1)])
    assert _lines(world) == []
    assert commit_of_agent(by_somebody, FARM, agent, _act(2), [_put(2)])
    real = msgspec.structs.replace(agent, simulated=False)
    assert commit_of_agent(world.ports, FARM, real, _act(3), [_put(3)])
    assert [line.thing for line in _lines(world)] == ["agent a2", "agent a3"]
