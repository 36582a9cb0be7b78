"""What was changed in an audit log is found and named, page by page, also while the log grows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import AuditHead
from cloud.ports import Item, Put
from cloud.usecases.keep_audit import commit_audited, note_account
from cloud.usecases.list_heads import list_heads
from cloud.usecases.verify_audit import Verdict, verify_audit, verify_log
from tests.fakes.world import Farm, World

FARM = "farm_1"


def _write(world: World, count: int, farm: str | None = FARM) -> None:
    for _ in range(count):
        assert commit_audited(world.ports, farm, Act("change_machine", "machine m", 1, 2), [])


def _verify(world: World, noted: dict[int, str] | None = None) -> str | None:
    return verify_log(world.store, FARM, noted or {}, lambda _: None).fault


def _digest(world: World, number: int) -> str:
    body = world.store.items[keys.audit_line(FARM, number)].body
    return body.decode().rpartition('"sha256":"')[2].removesuffix('"}')


def test_a_log_without_lines_holds(world: World) -> None:
    assert verify_log(world.store, FARM, {}) == Verdict(FARM, 0, None)
    assert verify_log(world.store, None, {}) == Verdict(None, 0, None)


@pytest.mark.parametrize(("page", "length"), [(7, 100), (7, 98), (1, 3)])
def test_a_long_log_is_read_once_in_short_pages(page: int, length: int) -> None:
    world = World(page_max=page)
    _write(world, length)
    world.store.calls.clear()
    world.store.items_read = 0
    assert verify_log(world.store, FARM, {}) == Verdict(FARM, length, None)
    assert world.store.verbs == ["query"] * -(-length // page) + ["get"]
    assert world.store.items_read == length + 1


def test_what_is_added_while_it_is_read_is_read_as_well(world: World) -> None:
    _write(world, 3)
    get, rounds = world.store.get, list[float]()

    def grow_before_the_head_is_read(key: keys.Key) -> Item | None:
        if not rounds:
            world.store.get = get  # type: ignore[method-assign]
            _write(world, 2)
        return get(key)

    world.store.get = grow_before_the_head_is_read  # type: ignore[method-assign]
    assert verify_log(world.store, FARM, {}, rounds.append) == Verdict(FARM, 5, None)
    assert len(rounds) == 1


def test_a_line_that_is_seen_before_its_head_is_no_fault(world: World) -> None:
    _write(world, 2)
    before = world.store.items[keys.audit_head(FARM)]
    _write(world, 1)
    after = world.store.items[keys.audit_head(FARM)]
    world.store.items[keys.audit_head(FARM)] = before

    def catch_up(_: float) -> None:
        world.store.items[keys.audit_head(FARM)] = after

    assert verify_log(world.store, FARM, {}, catch_up) == Verdict(FARM, 3, None)


def _lose_head(world: World) -> None:
    del world.store.items[keys.audit_head(FARM)]


def _spoil_head(world: World) -> None:
    key = keys.audit_head(FARM)
    world.store.items[key] = Item(key, "audithead", b"{")


def _keep_otherwise(key: keys.Key, **changed: object) -> Callable[[World], None]:
    def keep(world: World) -> None:
        world.store.items[key] = replace(world.store.items[key], **changed)  # type: ignore[arg-type]

    return keep


_NEVER = 10**12


def _add(number: str) -> Callable[[World], None]:
    def add(world: World) -> None:
        key = keys.Key(keys.audit_pk(FARM), f"{keys.AUDIT_PREFIX}{number}")
        world.store.write(Put(replace(world.store.items[keys.audit_line(FARM, 3)], key=key)))

    return add


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (_lose_head, "line 1 was added: the log ended with line 0"),
        (_spoil_head, "its head was changed: it cannot be read"),
        (_keep_otherwise(keys.audit_line(FARM, 2), expires_at=_NEVER), "line 2 was changed: it would expire"),
        (
            _keep_otherwise(keys.audit_line(FARM, 2), kind="agent"),
            "line 2 was changed: it is kept as 'agent'",
        ),
        (_keep_otherwise(keys.audit_head(FARM), expires_at=_NEVER), "its head was changed: it would expire"),
        (_keep_otherwise(keys.audit_head(FARM), kind="x"), "its head was changed: it is kept as 'x'"),
        (_add("000000000000"), "line 1 is missing"),
        (_add("000000000004"), "line 4 was changed: it says that it is line 3"),
        (_add("0000000000031"), "line 4 is none of ours: 'line#0000000000031'"),
        (_add("x"), "line 4 is none of ours: 'line#x'"),
        (_add("00000000000\u0664"), "line 4 is none of ours: 'line#00000000000\u0664'"),
    ],
)
def test_a_head_or_a_place_that_is_wrong_is_named(
    world: World, tamper: Callable[[World], None], fault: str
) -> None:
    _write(world, 3)
    tamper(world)
    assert _verify(world) == fault


def test_a_log_that_was_cut_with_its_head_is_told_by_a_head_noted_earlier(world: World) -> None:
    _write(world, 3)
    noted = {3: _digest(world, 3)}
    assert _verify(world, noted) is None
    _write(world, 2)
    assert _verify(world, noted) is None
    for number in (3, 4, 5):
        del world.store.items[keys.audit_line(FARM, number)]
    head = Item.of(keys.audit_head(FARM), AuditHead(2, _digest(world, 2)), revision=2)
    world.store.items[head.key] = head
    assert _verify(world) is None
    assert _verify(world, noted) == "line 3 is missing: line 3 was noted"


def test_a_log_that_was_written_anew_is_told_by_a_head_noted_earlier(world: World) -> None:
    _write(world, 3)
    noted = {2: _digest(world, 2), 3: _digest(world, 3)}
    world.store.items.clear()
    world.clock.advance(1)
    _write(world, 4)
    assert _verify(world) is None
    fault = _verify(world, noted)
    assert fault == "line 2 is not the one that was noted: the log was written anew"


def test_every_log_is_verified_also_of_a_farm_that_was_taken_out(world: World, farm: Farm) -> None:
    south = world.farm("South", "south@example.test").farm
    note_account(world.ports, Act("sign_in", "person a"))
    noted = {head.farm: {head.number: head.sha256} for head in list_heads(world.store)}
    assert list(noted) == [None, farm.farm, south]
    own = noted[None].keys()
    assert list(verify_audit(world.store, noted)) == [
        Verdict(None, max(own), None),
        Verdict(farm.farm, 1, None),
        Verdict(south, 1, None),
    ]
    for key in list(world.store.items):
        if south in str(key):
            del world.store.items[key]
    verdicts = list(verify_audit(world.store, noted, lambda _: None))
    assert verdicts[2:] == [Verdict(south, 0, "line 1 is missing: line 1 was noted")]
    assert [verdict.farm for verdict in verify_audit(world.store, {})] == [None, farm.farm]
